use super::*;
use crate::encoding::{from_hex, hex};

/// NIST SP 800-38A, appendix F: the key of AES-256 and the four blocks.
const KEY: &str = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4";
const PLAIN: &str = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710";
/// F.2.5, with the initialization vector 00 01 … 0f.
const CBC: &str = "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b";
/// F.1.5, the first block.
const ECB: &str = "f3eed1bdb5d2a03c064b5a7e3db181f8";

fn key() -> [u8; 32] {
    from_hex(KEY).unwrap().try_into().unwrap()
}

fn iv() -> [u8; BLOCK] {
    std::array::from_fn(|at| u8::try_from(at).unwrap())
}

#[test]
fn the_answers_of_sp_800_38a() {
    let plain = from_hex(PLAIN).unwrap();
    let first: [u8; BLOCK] = plain[..BLOCK].try_into().unwrap();
    let sealed = aes256_ecb_block(&key(), first);
    assert_eq!(hex(&sealed), ECB);
    assert_eq!(aes256_ecb_block_open(&key(), sealed), first);

    let mut data = plain.clone();
    assert_eq!(aes256_cbc_encrypt(&key(), &iv(), &mut data), Ok(()));
    assert_eq!(hex(&data), CBC);
    assert_eq!(aes256_cbc_decrypt(&key(), &iv(), &mut data), Ok(()));
    assert_eq!(data, plain);
}

#[test]
fn only_whole_blocks_are_taken() {
    for length in (0..64_usize).filter(|length| !length.is_multiple_of(BLOCK)) {
        let mut data = vec![7; length];
        assert_eq!(aes256_cbc_encrypt(&key(), &iv(), &mut data), Err(NotWholeBlocks), "{length}");
        assert_eq!(aes256_cbc_decrypt(&key(), &iv(), &mut data), Err(NotWholeBlocks), "{length}");
        assert_eq!(data, vec![7; length], "what is refused is left alone");
    }
    assert_eq!(aes256_cbc_encrypt(&key(), &iv(), &mut []), Ok(()));
    assert_eq!(aes256_cbc_decrypt(&key(), &iv(), &mut []), Ok(()));
}
