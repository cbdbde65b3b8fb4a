use super::*;

fn drawn(width: u32, height: u32, colour: [u8; 4]) -> Vec<u8> {
    let count = usize::try_from(width * height).unwrap();
    encode(&Picture { width, height, pixels: vec![colour; count] }).unwrap()
}

fn size(png: &[u8]) -> (u32, u32) {
    let picture = decode(png).unwrap();
    (picture.width, picture.height)
}

#[test]
fn a_picture_is_scaled_to_what_is_kept() {
    let red = [200, 10, 20, 255];
    for ((width, height), kept) in
        [((16, 16), (16, 16)), ((256, 100), (256, 100)), ((1024, 1024), (256, 256)), ((1000, 10), (256, 2))]
    {
        let out = redrawn(&drawn(width, height, red)).unwrap();
        assert_eq!(size(&out), kept, "{width}×{height}");
        assert!(decode(&out).unwrap().pixels.iter().all(|pixel| *pixel == red));
    }
    assert_eq!(size(&redrawn(&drawn(1, 1024, red)).unwrap()), (1, 256));
}

#[test]
fn transparent_parts_do_not_colour_the_rest() {
    let pixels = vec![[255, 0, 0, 255], [0, 255, 0, 0]];
    let picture = Picture { width: 2, height: 1, pixels };
    assert_eq!(mean(&picture, 0..2, 0..1), [255, 0, 0, 127]);
}

#[test]
fn what_is_no_picture_is_refused_by_its_name() {
    let png = drawn(8, 8, [1, 2, 3, 4]);
    assert_eq!(redrawn(&drawn(1025, 1, [0; 4])), Err(LogoRefusal::TooLarge));
    assert_eq!(redrawn(&vec![0; LONGEST + 1]), Err(LogoRefusal::TooLong));
    assert_eq!(redrawn(&png[..png.len() / 2]), Err(LogoRefusal::NotPng));
    for nothing in [&b""[..], b"GIF89a", b"\x89PNG\r\n\x1a\n", b"<html>", b"\xff\xd8\xff\xe0"] {
        assert_eq!(redrawn(nothing), Err(LogoRefusal::NotPng), "{nothing:?}");
    }
    let svgs = [
        "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        "\u{feff}<?xml version=\"1.0\"?><svg/>",
        "<!-- --><SVG><script>alert(1)</script></SVG>",
    ];
    for svg in svgs {
        assert_eq!(redrawn(svg.as_bytes()), Err(LogoRefusal::Svg), "{svg}");
    }
}

#[test]
fn nothing_of_the_upload_but_its_pixels_is_kept() {
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, 2, 2);
    encoder.set_color(ColorType::Grayscale);
    encoder.set_depth(BitDepth::Eight);
    encoder.add_text_chunk("Comment".to_owned(), "<script>alert(1)</script>".to_owned()).unwrap();
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&[0, 60, 120, 255]).unwrap();
    writer.finish().unwrap();
    assert!(out.windows(8).any(|window| window == b"<script>"));
    let kept = redrawn(&out).unwrap();
    assert!(!kept.windows(8).any(|window| window == b"<script>"));
    let grays: Vec<u8> = decode(&kept).unwrap().pixels.iter().map(|pixel| pixel[0]).collect();
    assert_eq!(grays, [0, 60, 120, 255]);
}

#[test]
fn codes_are_stable() {
    let all = [LogoRefusal::TooLong, LogoRefusal::Svg, LogoRefusal::NotPng, LogoRefusal::TooLarge];
    assert_eq!(
        all.map(LogoRefusal::code),
        ["client_logo_too_long", "client_logo_svg", "client_logo_not_png", "client_logo_too_large"]
    );
}
