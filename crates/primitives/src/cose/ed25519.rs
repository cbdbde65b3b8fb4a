//! What aws-lc does not check of an Ed25519 public key when it takes one: that the 32 octets are a point
//! of the curve (RFC 8032 section 5.1.3), and not one of the few of small order, for which signatures can
//! be made without a private key.

/// A number below 2^256 as four limbs, least significant first; arithmetic is modulo p = 2^255 - 19.
type Field = [u64; 4];

const P: Field = [0xffff_ffff_ffff_ffed, u64::MAX, u64::MAX, 0x7fff_ffff_ffff_ffff];

/// d of the curve -x² + y² = 1 + d x² y².
const D: Field = [0x75eb_4dca_1359_78a3, 0x0070_0a4d_4141_d8ab, 0x8cc7_4079_7779_e898, 0x5203_6cee_2b6f_fe73];

/// Ordinates of the points of order 1, 2, 4 and 8 below 2^255, with those that only look different (≥ p).
const SMALL_ORDER: [Field; 7] = [
    [0, 0, 0, 0],
    [1, 0, 0, 0],
    [0xb027_b2c2_8f95_e826, 0xf098_eff2_89f4_c345, 0x3933_c6d3_05ac_dfd5, 0x05fc_536d_8802_38b1],
    [0x4fd8_4d3d_706a_17c7, 0x0f67_100d_760b_3cba, 0xc6cc_392c_fa53_202a, 0x7a03_ac92_77fd_c74e],
    [0xffff_ffff_ffff_ffec, u64::MAX, u64::MAX, 0x7fff_ffff_ffff_ffff],
    P,
    [0xffff_ffff_ffff_ffee, u64::MAX, u64::MAX, 0x7fff_ffff_ffff_ffff],
];

/// Whether the octets name one of the eight points of small order, in whatever spelling.
pub(super) fn is_small_order(octets: &[u8; 32]) -> bool {
    SMALL_ORDER.contains(&ordinate(octets))
}

/// Whether the octets name a point of the curve, canonically: y < p, and x exists.
pub(super) fn is_on_curve(octets: &[u8; 32]) -> bool {
    let y = ordinate(octets);
    if !less_than_p(&y) {
        return false;
    }
    // x² = u / v with u = y² - 1 and v = d y² + 1, and u / v is a square exactly if u v is.
    let yy = multiply(&y, &y);
    let u = subtract(&yy, &[1, 0, 0, 0]);
    let v = add(&multiply(&D, &yy), &[1, 0, 0, 0]);
    is_square(&multiply(&u, &v))
}

fn ordinate(octets: &[u8; 32]) -> Field {
    let mut limbs = [0; 4];
    for (limb, chunk) in limbs.iter_mut().zip(octets.chunks_exact(8)) {
        *limb = chunk.iter().rev().fold(0, |all, octet| (all << 8) | u64::from(*octet));
    }
    let [a, b, c, d] = limbs;
    // The highest bit is the sign of x.
    [a, b, c, d & 0x7fff_ffff_ffff_ffff]
}

/// Euler's criterion: a^((p-1)/2) is 1 for squares, and 0 for 0.
fn is_square(a: &Field) -> bool {
    // (p - 1) / 2 = 2^254 - 10: bits 0 to 253 all set except bits 0 and 3.
    let mut power: Field = [1, 0, 0, 0];
    for bit in (0..254_u32).rev() {
        power = multiply(&power, &power);
        if bit != 0 && bit != 3 {
            power = multiply(&power, a);
        }
    }
    power == [1, 0, 0, 0] || power == [0, 0, 0, 0]
}

fn less_than_p(a: &Field) -> bool {
    a.iter().rev().lt(P.iter().rev())
}

/// Low 64 bits and the carry of a sum that fits 128 bits.
fn split(wide: u128) -> (u64, u128) {
    let low = u64::try_from(wide & u128::from(u64::MAX)).unwrap_or(0);
    (low, wide >> 64)
}

fn add(a: &Field, b: &Field) -> Field {
    let mut out = [0; 4];
    let mut carry = 0;
    for ((to, x), y) in out.iter_mut().zip(a).zip(b) {
        (*to, carry) = split(u128::from(*x) + u128::from(*y) + carry);
    }
    // Both are below p, so the sum is below 2^256 and one subtraction brings it below p.
    reduce_once(out)
}

fn subtract(a: &Field, b: &Field) -> Field {
    let complement = raw_subtract(&P, b);
    add(a, &complement)
}

fn reduce_once(a: Field) -> Field {
    if less_than_p(&a) { a } else { raw_subtract(&a, &P) }
}

/// a - b for a ≥ b.
fn raw_subtract(a: &Field, b: &Field) -> Field {
    let mut out = [0; 4];
    let mut borrow = false;
    for ((to, x), y) in out.iter_mut().zip(a).zip(b) {
        let (first, under) = x.overflowing_sub(*y);
        let (second, under_again) = first.overflowing_sub(u64::from(borrow));
        *to = second;
        borrow = under || under_again;
    }
    out
}

fn multiply(a: &Field, b: &Field) -> Field {
    let mut wide = [0_u64; 8];
    for (i, x) in a.iter().enumerate() {
        let mut carry = 0;
        for (to, y) in wide.iter_mut().skip(i).zip(b) {
            (*to, carry) = split(u128::from(*x) * u128::from(*y) + u128::from(*to) + carry);
        }
        if let Some(to) = wide.get_mut(i + 4) {
            *to = split(carry).0;
        }
    }
    fold(&wide)
}

/// Reduces 512 bits modulo p, using 2^256 = 38 modulo p.
fn fold(wide: &[u64; 8]) -> Field {
    let (low, high) = wide.split_at(4);
    let mut out = [0; 4];
    let mut carry = 0;
    for ((to, x), y) in out.iter_mut().zip(low).zip(high) {
        (*to, carry) = split(u128::from(*x) + u128::from(*y) * 38 + carry);
    }
    // What is left above 2^256 is at most 38; fold it in until nothing is.
    while carry != 0 {
        let mut next = carry * 38;
        for to in &mut out {
            (*to, next) = split(u128::from(*to) + next);
        }
        carry = next;
    }
    // Below 2^256 = 2p + 38: at most two subtractions.
    reduce_once(reduce_once(out))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::from_hex;

    fn ordinate_of(small: u8) -> [u8; 32] {
        let mut octets = [0; 32];
        octets[0] = small;
        octets
    }

    #[test]
    fn small_ordinates_are_on_the_curve_or_not() {
        // Computed apart from this code, by Python's integers.
        for y in 2..20 {
            let expected = ![2, 7, 8, 11, 12, 13, 17].contains(&y);
            assert_eq!(is_on_curve(&ordinate_of(y)), expected, "{y}");
        }
    }

    #[test]
    fn every_spelling_of_a_point_of_small_order() {
        let texts = [
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        ];
        for text in texts {
            let mut octets: [u8; 32] = from_hex(text).unwrap().try_into().unwrap();
            assert!(is_small_order(&octets), "{text}");
            octets[31] ^= 0x80;
            assert!(is_small_order(&octets), "{text} with the other sign");
            octets[0] ^= 0x10;
            assert!(!is_small_order(&octets), "{text} changed");
        }
    }

    #[test]
    fn an_ordinate_beyond_p_is_no_point() {
        // p + 3, where 3 is on the curve.
        let mut octets = [0xff; 32];
        (octets[0], octets[31]) = (0xf0, 0x7f);
        assert!(is_on_curve(&ordinate_of(3)) && !is_on_curve(&octets));
    }
}
