use super::*;

#[test]
fn what_is_written_is_read() {
    for length in [0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff] {
        let content = vec![7; length];
        let element = write(SEQUENCE, &[&content]);
        assert_eq!(only(&element, SEQUENCE), Some(content.as_slice()), "{length}");
        assert_eq!(only(&element, SET), None);
        assert_eq!(only(&[element.as_slice(), &[0]].concat(), SEQUENCE), None);
        assert_eq!(any(&element[..element.len() - 1]), None, "{length}");
    }
}

#[test]
fn explicit_tags_of_any_number() {
    for number in [0, 1, 30, 31, 127, 128, 600, 702, 724, 16_383, 16_384, (1 << 28) - 1] {
        let element = write_explicit(number, &[b"ab"]);
        assert_eq!(explicit(&[element.as_slice(), &[9]].concat()), Some((number, &b"ab"[..], &[9][..])));
        for length in 0..element.len() {
            assert_eq!(explicit(&element[..length]), None, "{number} cut at {length}");
        }
    }
    assert_eq!(write_explicit(600, &[&[]]), [0xbf, 0x84, 0x58, 0]);
}

#[test]
fn tags_that_are_not_in_der() {
    assert_eq!(explicit(&[0xbf, 0x80, 0x1f, 0]), None, "a leading zero");
    assert_eq!(explicit(&[0xbf, 0x1e, 0]), None, "a number that one octet holds");
    assert_eq!(explicit(&[0xbf, 0xff, 0xff, 0xff, 0xff, 0x7f, 0]), None, "a number without end");
    assert_eq!(explicit(&[0x30, 0]), None, "of another class");
    assert_eq!(explicit(&[0x80, 0]), None, "primitive");
    assert_eq!(any(&[0x1f, 0x1f, 0]), None, "a tag of several octets");
}

#[test]
fn lengths_that_are_not_in_der() {
    for element in
        [&[0x30, 0x80, 0, 0][..], &[0x30, 0x81, 0x7f], &[0x30, 0x82, 0, 0xff], &[0x30, 0x83, 0, 0, 1]]
    {
        assert_eq!(any(element), None, "{element:?}");
    }
}

#[test]
fn small_numbers() {
    assert_eq!(small(&[]), None);
    assert_eq!(small(&[0]), Some(0));
    assert_eq!(small(&[0x7f]), Some(127));
    assert_eq!(small(&[0, 0x80]), Some(128));
    assert_eq!(small(&[0x80]), None, "negative");
    assert_eq!(small(&[0, 0xff, 0xff, 0xff, 0xff]), Some(u32::MAX));
    assert_eq!(small(&[1, 0, 0, 0, 0]), None, "too large");
}
