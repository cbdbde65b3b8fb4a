use fido::ctap::Command;

use super::*;
use crate::Settings;
use crate::platform::tests::Table;
use crate::platform::{HeldToken, large_blob_array};
use crate::vault::{MemoryVault, NO_LARGE_BLOBS};

fn ask(table: &mut Table, request: &Request) -> Result<Option<Vec<u8>>, Status> {
    let answer = table.call(Command::LargeBlobs, &request.encode())?;
    Ok(Response::parse(&answer).unwrap().config)
}

fn get(count: u64, offset: u64) -> Request {
    Request { get: Some(count), offset: Some(offset), ..Request::default() }
}

fn writer(table: &mut Table) -> HeldToken {
    table.token(Permissions::LARGE_BLOB_WRITE, None)
}

fn whole(array: &[u8]) -> Option<u64> {
    Some(u64::try_from(array.len()).unwrap())
}

#[test]
fn an_array_is_written_in_pieces_and_read_in_others() {
    let mut table = Table::new();
    assert_eq!(ask(&mut table, &get(100, 0)), Ok(Some(NO_LARGE_BLOBS.to_vec())), "a new one has none");
    let array = large_blob_array(&[7; 3000]);
    let token = writer(&mut table);
    assert_eq!(ask(&mut table, &token.write(&array[..1000], 0, whole(&array))), Ok(None));
    assert_eq!(ask(&mut table, &token.write(&array[1000..2000], 1000, None)), Ok(None));
    assert_eq!(ask(&mut table, &get(100, 0)), Ok(Some(NO_LARGE_BLOBS.to_vec())), "not whole yet");
    assert_eq!(ask(&mut table, &token.write(&array[2000..], 2000, None)), Ok(None));
    assert_eq!(ask(&mut table, &get(5000, 0)), Ok(Some(array.clone())));
    assert_eq!(ask(&mut table, &get(10, 3010)), Ok(Some(array[3010..].to_vec())));
    assert_eq!(ask(&mut table, &get(10, 3016)), Ok(Some(Vec::new())), "the end is a place");
    assert_eq!(ask(&mut table, &get(10, 3017)), Err(Status::InvalidParameter));
    assert_eq!(table.call(Command::Reset, &[]), Ok(Vec::new()));
    assert_eq!(ask(&mut table, &get(100, 0)), Ok(Some(NO_LARGE_BLOBS.to_vec())));
}

#[test]
fn what_does_not_agree_with_its_digest_is_not_kept() {
    let mut table = Table::new();
    let mut array = large_blob_array(&[7; 20]);
    array[3] ^= 1;
    let token = writer(&mut table);
    assert_eq!(ask(&mut table, &token.write(&array, 0, whole(&array))), Err(Status::IntegrityFailure));
    assert_eq!(table.key.vault().state().large_blobs, NO_LARGE_BLOBS);
    // And nothing of it is left to go on with.
    assert_eq!(ask(&mut table, &token.write(&[0], 36, None)), Err(Status::InvalidSeq));
}

#[test]
fn pieces_come_in_order_and_fit() {
    let mut table = Table::new();
    let array = large_blob_array(&[7; 100]);
    let token = writer(&mut table);
    assert_eq!(ask(&mut table, &token.write(&array[50..], 50, None)), Err(Status::InvalidSeq), "none begun");
    ask(&mut table, &token.write(&array[..50], 0, whole(&array))).unwrap();
    assert_eq!(ask(&mut table, &token.write(&array[60..], 60, None)), Err(Status::InvalidSeq));
    assert_eq!(ask(&mut table, &token.write(&array[40..], 40, None)), Err(Status::InvalidSeq));
    let long = token.write(&[&array[50..], &[0]].concat(), 50, None);
    assert_eq!(ask(&mut table, &long), Err(Status::InvalidParameter));
    let again = token.write(&array[50..], 50, whole(&array));
    assert_eq!(ask(&mut table, &again), Err(Status::InvalidParameter), "the length is told once");
    assert_eq!(ask(&mut table, &token.write(&array[50..], 50, None)), Ok(None), "none of them spoilt it");
    table.key.power_cycle(table.now);
    let token = writer(&mut table);
    ask(&mut table, &token.write(&array[..50], 0, whole(&array))).unwrap();
    table.key.power_cycle(table.now);
    let token = writer(&mut table);
    assert_eq!(ask(&mut table, &token.write(&array[50..], 50, None)), Err(Status::InvalidSeq));
}

#[test]
fn lengths_have_bounds() {
    let mut table = Table::new();
    let token = writer(&mut table);
    let most = u64::try_from(CAPACITY).unwrap();
    let begin = |length| token.write(&[0; 10], 0, length);
    assert_eq!(ask(&mut table, &begin(Some(most + 1))), Err(Status::LargeBlobStorageFull));
    assert_eq!(ask(&mut table, &begin(Some(u64::from(u32::MAX) * 8))), Err(Status::LargeBlobStorageFull));
    assert_eq!(ask(&mut table, &begin(Some(16))), Err(Status::InvalidParameter));
    assert_eq!(ask(&mut table, &begin(None)), Err(Status::InvalidParameter));
    assert_eq!(ask(&mut table, &begin(Some(most))), Ok(None));
    let longest = crate::ctap2::LONGEST_MESSAGE - AROUND_PIECE;
    let count = u64::try_from(longest).unwrap();
    assert_eq!(ask(&mut table, &get(count + 1, 0)), Err(Status::InvalidLength));
    assert!(ask(&mut table, &get(count, 0)).is_ok());
}

#[test]
fn reading_and_writing_are_asked_for_one_at_a_time() {
    let mut table = Table::new();
    let array = large_blob_array(&[1]);
    let token = writer(&mut table);
    let write = token.write(&array, 0, whole(&array));
    for odd in [
        Request { offset: None, ..get(1, 0) },
        Request { get: None, ..get(1, 0) },
        Request { get: Some(1), ..write.clone() },
        Request { length: Some(17), ..get(1, 0) },
        Request { auth_param: Some(vec![0; 32]), ..get(1, 0) },
        Request { protocol: Some(2), ..get(1, 0) },
        Request { protocol: Some(3), ..write.clone() },
    ] {
        assert_eq!(ask(&mut table, &odd), Err(Status::InvalidParameter), "{odd:?}");
    }
    let bare = Request { auth_param: None, ..write.clone() };
    assert_eq!(ask(&mut table, &bare), Err(Status::PuatRequired));
    let unnamed = Request { protocol: None, ..write.clone() };
    assert_eq!(ask(&mut table, &unnamed), Err(Status::MissingParameter));
    assert_eq!(ask(&mut table, &write), Ok(None));
}

#[test]
fn another_permission_place_or_piece_does_not_do() {
    let mut table = Table::new();
    let array = large_blob_array(&[1]);
    let wrong = table.token(Permissions::from_bits(0x27), Some("example.org"));
    let refused = ask(&mut table, &wrong.write(&array, 0, whole(&array)));
    assert_eq!(refused, Err(Status::PinAuthInvalid));
    let token = writer(&mut table);
    let elsewhere = Request { offset: Some(0), length: whole(&array), ..token.write(&array, 1, None) };
    assert_eq!(ask(&mut table, &elsewhere), Err(Status::PinAuthInvalid));
    let other = large_blob_array(&[2]);
    let moved = Request { set: Some(other), ..token.write(&array, 0, whole(&array)) };
    assert_eq!(ask(&mut table, &moved), Err(Status::PinAuthInvalid));
}

#[test]
fn who_cannot_be_verified_writes_without_a_token() {
    let settings = Settings { built_in_verification: false, ..Settings::keyfob() };
    let mut table = Table::of(settings, MemoryVault::default());
    let array = large_blob_array(&[1]);
    let request =
        Request { set: Some(array.clone()), offset: Some(0), length: whole(&array), ..Request::default() };
    assert_eq!(ask(&mut table, &request), Ok(None));
    table.set_pin("1234").unwrap();
    assert_eq!(ask(&mut table, &request), Err(Status::PuatRequired));
}
