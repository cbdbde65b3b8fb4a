use std::os::unix::fs::PermissionsExt;

use image::{GrayImage, ImageFormat, Luma};
use qrcode::QrCode;

use super::*;

/// Chromium 156's own dialog, taken from a screen on 2026-11-23.
const CHROMIUM: &[u8] = include_bytes!("samples/chromium.png");
const CODE: &str = "FIDO:/0123456789";

/// A white picture with these codes beside each other.
fn picture_of(texts: &[&str]) -> Vec<u8> {
    let mut picture = GrayImage::from_pixel(400 * u32::try_from(texts.len()).unwrap() + 60, 460, Luma([255]));
    for (place, text) in (0..).zip(texts) {
        let code = QrCode::new(text).unwrap();
        let width = u32::try_from(code.width()).unwrap();
        for (at, colour) in (0..).zip(code.to_colors()) {
            let (left, top) = (60 + 400 * place + at % width * 8, 60 + at / width * 8);
            for (x, y) in (0..8).flat_map(|x| (0..8).map(move |y| (left + x, top + y))) {
                picture.put_pixel(x, y, Luma([colour.select(0, 255)]));
            }
        }
    }
    encoded(&picture, ImageFormat::Png)
}

fn encoded(picture: &GrayImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

async fn refused(bytes: Vec<u8>) -> ScanRefusal {
    from_picture(bytes).await.unwrap_err()
}

#[tokio::test]
async fn chromiums_code_with_its_dots_and_its_picture_is_read() {
    let code = from_picture(CHROMIUM.to_vec()).await.unwrap();
    let qr = hybrid::qr::Qr::read(&code).unwrap();
    assert_eq!(qr.hint, hybrid::qr::Hint::Create);
    assert_eq!((qr.domains, qr.linking), (2, false));
}

#[tokio::test]
async fn png_and_jpeg_are_read() {
    let png = picture_of(&[CODE]);
    let jpeg = encoded(&image::load_from_memory(&png).unwrap().into_luma8(), ImageFormat::Jpeg);
    assert_eq!(from_picture(png).await.unwrap().as_str(), CODE);
    assert_eq!(from_picture(jpeg).await.unwrap().as_str(), CODE);
}

#[tokio::test]
async fn a_code_is_found_beside_another_one() {
    let both = picture_of(&["https://keyward.example/a/e/abc", CODE]);
    assert_eq!(from_picture(both).await.unwrap().as_str(), CODE);
}

#[tokio::test]
async fn several_codes_are_the_persons_business() {
    assert_eq!(refused(picture_of(&[CODE, "FIDO:/9876543210"])).await, ScanRefusal::SeveralCodes);
}

#[tokio::test]
async fn what_holds_no_code_is_told_from_what_holds_another() {
    assert_eq!(refused(picture_of(&["https://keyward.example/"])).await, ScanRefusal::OtherCode);
    let white = encoded(&GrayImage::from_pixel(64, 64, Luma([255])), ImageFormat::Png);
    assert_eq!(refused(white).await, ScanRefusal::NoCode);
}

#[tokio::test]
async fn nonsense_is_no_picture() {
    for nonsense in [&b""[..], b"GIF89a", b"<svg/>", b"\x89PNG\r\n\x1a\n", &[0; 4096]] {
        assert_eq!(refused(nonsense.to_vec()).await, ScanRefusal::Unreadable);
    }
}

#[tokio::test]
async fn a_cut_picture_is_none() {
    for length in (0..CHROMIUM.len() - 64).step_by(997) {
        assert_eq!(refused(CHROMIUM[..length].to_vec()).await, ScanRefusal::Unreadable, "{length}");
    }
}

#[tokio::test]
async fn a_picture_with_changed_bytes_ends_nothing() {
    for at in (8..CHROMIUM.len()).step_by(499) {
        let mut changed = CHROMIUM.to_vec();
        changed[at] ^= 0x55;
        let _ = from_picture(changed).await;
    }
}

#[tokio::test]
async fn a_picture_that_would_fill_memory_is_refused() {
    let wide = encoded(&GrayImage::new(MAX_SIDE + 1, 1), ImageFormat::Png);
    assert_eq!(refused(wide).await, ScanRefusal::Unreadable);
    let large = vec![0; usize::try_from(MAX_FILE).unwrap() + 1];
    assert_eq!(refused(large).await, ScanRefusal::PictureTooLarge);
}

/// A picture that is small in its file and says that it is this large.
fn claimed(width: u32, height: u32) -> Vec<u8> {
    let mut picture = encoded(&GrayImage::new(1, 1), ImageFormat::Png);
    picture[16..20].copy_from_slice(&width.to_be_bytes());
    picture[20..24].copy_from_slice(&height.to_be_bytes());
    let checksum = crc(&picture[12..29]);
    picture[29..33].copy_from_slice(&checksum.to_be_bytes());
    picture
}

/// The checksum of a chunk (PNG Specification, third edition, annex D).
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc: u32, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(crc & 1)))
    })
}

#[tokio::test]
async fn the_size_that_a_picture_claims_is_bounded_before_it_is_unpacked() {
    assert_eq!(claimed(1, 1), encoded(&GrayImage::new(1, 1), ImageFormat::Png));
    for (width, height) in [(MAX_SIDE, MAX_SIDE), (u32::MAX, u32::MAX), (u32::MAX, 1), (0, 0), (8192, 8192)] {
        assert_eq!(refused(claimed(width, height)).await, ScanRefusal::Unreadable, "{width} by {height}");
    }
    // A white screen of 8K is looked through.
    let screen = encoded(&GrayImage::from_pixel(7680, 4320, Luma([255])), ImageFormat::Png);
    const { assert!(7680 * 4320 < MAX_PIXELS) };
    assert_eq!(refused(screen).await, ScanRefusal::NoCode);
}

#[tokio::test]
async fn what_takes_too_long_is_given_up() {
    let given_up = within(Duration::ZERO, picture_of(&[CODE])).await;
    assert_eq!(given_up, Err(ScanRefusal::TookTooLong));
}

/// A code of the longest text that a QR code holds, and digits beyond any that a client writes.
#[tokio::test]
async fn codes_of_absurd_lengths_are_read_and_refused() {
    let longest = format!("{}{}", "FIDO:/", "0".repeat(2_300));
    let (code, mut picture) = (QrCode::new(&longest).unwrap(), GrayImage::from_pixel(900, 900, Luma([255])));
    for (at, colour) in (0..).zip(code.to_colors()) {
        let width = u32::try_from(code.width()).unwrap();
        let (left, top) = (40 + at % width * 4, 40 + at / width * 4);
        for (x, y) in (0..4).flat_map(|x| (0..4).map(move |y| (left + x, top + y))) {
            picture.put_pixel(x, y, Luma([colour.select(0, 255)]));
        }
    }
    let text = from_picture(encoded(&picture, ImageFormat::Png)).await.unwrap();
    assert_eq!(text.as_str(), longest);
    assert!(hybrid::qr::Qr::read(&text).is_err());
    for length in [0, 1, 2, 17, 170, 7_083, 7_084, 8_000] {
        let text = format!("FIDO:/{}", "9".repeat(length));
        assert!(hybrid::qr::Qr::read(&text).is_err(), "{length}");
    }
}

#[tokio::test]
async fn files_are_bounded_and_may_be_missing() {
    let folder = tempfile::tempdir().unwrap();
    let read = |name: &str| read(Source::Picture(folder.path().join(name)), &NONE);
    assert_eq!(read("missing.png").await.unwrap_err(), ScanRefusal::NoPicture);
    let large = std::fs::File::create(folder.path().join("large.png")).unwrap();
    large.set_len(MAX_FILE + 1).unwrap();
    assert_eq!(read("large.png").await.unwrap_err(), ScanRefusal::PictureTooLarge);
    std::fs::write(folder.path().join("code.png"), picture_of(&[CODE])).unwrap();
    assert_eq!(read("code.png").await.unwrap().as_str(), CODE);
}

#[test]
fn a_text_is_a_code_or_not() {
    assert_eq!(from_text(&format!(" {CODE}\n")).unwrap().as_str(), CODE);
    assert_eq!(from_text("fido:/123").unwrap().as_str(), "fido:/123");
    for text in ["", "FIDO:", "otpauth://totp/x", "ﬁdo:/1"] {
        assert_eq!(from_text(text), Err(ScanRefusal::NoCode), "{text}");
    }
    assert_eq!(from_text(&"1".repeat(MAX_TEXT + 1)), Err(ScanRefusal::TextTooLong));
}

static NONE: std::sync::LazyLock<Programs> = std::sync::LazyLock::new(Programs::default);

/// A folder with one program in it: a script of the shell.
fn program(name: &str, script: &str) -> (tempfile::TempDir, Programs) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("picture.png"), picture_of(&[CODE])).unwrap();
    let script = script.replace("PICTURE", &folder.path().join("picture.png").display().to_string());
    let file = folder.path().join(name);
    std::fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
    let programs = Programs::on(Some(folder.path().into()));
    (folder, programs)
}

#[tokio::test]
async fn the_screen_is_read_by_whichever_program_is_here() {
    for (name, _) in SCREEN_PROGRAMS {
        let (_folder, programs) = program(name, "/bin/cat PICTURE");
        assert_eq!(read(Source::Screen, &programs).await.unwrap().as_str(), CODE, "{name}");
    }
}

#[tokio::test]
async fn a_program_that_fails_or_is_missing_is_told_apart() {
    assert_eq!(read(Source::Screen, &NONE).await, Err(ScanRefusal::NoScreenProgram));
    for script in ["exit 1", "/bin/cat PICTURE; exit 1", ":"] {
        let (_folder, programs) = program("grim", script);
        assert_eq!(read(Source::Screen, &programs).await, Err(ScanRefusal::ProgramFailed), "{script}");
    }
}

#[tokio::test]
async fn a_program_that_writes_without_end_is_ended() {
    let (_folder, programs) = program("grim", "exec /bin/cat /dev/zero");
    assert_eq!(read(Source::Screen, &programs).await, Err(ScanRefusal::ProgramFailed));
}

#[tokio::test]
async fn the_camera_is_watched_until_a_code_is_seen() {
    let nothing = encoded(&GrayImage::from_pixel(64, 64, Luma([255])), ImageFormat::Png);
    let (folder, programs) = program("ffmpeg", "/bin/cat NOTHING NOTHING PICTURE; exec /bin/cat");
    let white = folder.path().join("white.png");
    std::fs::write(&white, nothing).unwrap();
    let script = std::fs::read_to_string(folder.path().join("ffmpeg")).unwrap();
    std::fs::write(folder.path().join("ffmpeg"), script.replace("NOTHING", &white.display().to_string()))
        .unwrap();
    assert_eq!(read(Source::Camera(Camera::default()), &programs).await.unwrap().as_str(), CODE);
}

#[tokio::test]
async fn a_camera_without_program_or_pictures_is_refused() {
    let camera = || Source::Camera(Camera::default());
    assert_eq!(read(camera(), &NONE).await, Err(ScanRefusal::NoCameraProgram));
    for script in ["exit 1", "echo no such device", "/bin/cat PICTURE | /usr/bin/head -c 300"] {
        let (_folder, programs) = program("ffmpeg", script);
        assert_eq!(read(camera(), &programs).await, Err(ScanRefusal::ProgramFailed), "{script}");
    }
}

#[test]
fn every_refusal_has_a_code_and_a_sentence_of_its_own() {
    let all = [
        ScanRefusal::TextTooLong,
        ScanRefusal::NoPicture,
        ScanRefusal::PictureTooLarge,
        ScanRefusal::Unreadable,
        ScanRefusal::TookTooLong,
        ScanRefusal::NoCode,
        ScanRefusal::OtherCode,
        ScanRefusal::SeveralCodes,
        ScanRefusal::NoScreenProgram,
        ScanRefusal::NoCameraProgram,
        ScanRefusal::ProgramFailed,
        ScanRefusal::NothingSeen,
    ];
    let codes: std::collections::BTreeSet<_> = all.iter().map(|refusal| refusal.code()).collect();
    let sentences: std::collections::BTreeSet<_> = all.iter().map(ToString::to_string).collect();
    assert_eq!((codes.len(), sentences.len()), (all.len(), all.len()));
}
