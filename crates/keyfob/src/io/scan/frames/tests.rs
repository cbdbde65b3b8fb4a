use super::*;

fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [&length[..], name, content, &[0; 4]].concat()
}

fn picture(content: &[u8]) -> Vec<u8> {
    [&SIGNATURE[..], &chunk(b"IHDR", &[0; 13]), &chunk(b"IDAT", content), &chunk(b"IEND", b"")].concat()
}

fn all(frames: &mut Frames) -> Vec<Vec<u8>> {
    std::iter::from_fn(|| frames.next().unwrap()).collect()
}

#[test]
fn pictures_come_whole_however_the_bytes_are_cut() {
    let expected = [picture(b"one"), picture(b""), picture(b"IEND")];
    let stream = expected.concat();
    for piece in 1..stream.len() {
        let mut frames = Frames::default();
        let mut seen = Vec::new();
        for bytes in stream.chunks(piece) {
            frames.push(bytes).unwrap();
            seen.extend(all(&mut frames));
        }
        assert_eq!(seen, expected, "{piece}");
    }
}

#[test]
fn what_is_no_png_is_refused_at_its_first_byte() {
    let mut frames = Frames::default();
    assert_eq!(frames.next(), Ok(None));
    frames.push(b"J").unwrap();
    assert_eq!(frames.next(), Err(NotPictures));
}

#[test]
fn nothing_may_stand_between_two_pictures() {
    let mut frames = Frames::default();
    frames.push(&[picture(b"one"), vec![0], picture(b"two")].concat()).unwrap();
    assert_eq!(frames.next(), Ok(Some(picture(b"one"))));
    assert_eq!(frames.next(), Err(NotPictures));
}

#[test]
fn lengths_are_bounded() {
    let mut frames = Frames::default();
    frames.push(&[&SIGNATURE[..], &u32::MAX.to_be_bytes(), b"IDAT"].concat()).unwrap();
    assert_eq!(frames.next(), Err(NotPictures));
    let mut frames = Frames::default();
    frames.push(&SIGNATURE).unwrap();
    assert_eq!(frames.push(&vec![0; MAX_FRAME]), Err(NotPictures));
}
