//! QR codes in a picture.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use rxing::{BarcodeFormat, DecodeHints, RXingResult, helpers};
use zeroize::Zeroizing;

use super::ScanRefusal;

/// The most bytes of a picture's file.
pub const MAX_FILE: u64 = 32 * 1024 * 1024;
/// The most pixels of a side: twice a large screen.
pub const MAX_SIDE: u32 = 16_384;
/// The most pixels of all: a screen of 8K and some. More takes seconds to look through.
pub const MAX_PIXELS: u64 = 40 * 1024 * 1024;
/// The most memory that a picture may take once it is unpacked: four bytes for a pixel.
const MAX_UNPACKED: u64 = 4 * MAX_PIXELS;

/// The texts of the QR codes in a PNG or JPEG.
pub(super) fn codes(bytes: &[u8]) -> Result<Vec<String>, ScanRefusal> {
    let (pixels, width, height) = grey(bytes)?;
    // The reader of codes is somebody else's and large: should it fall over a picture, then only that picture is lost.
    let looked = catch_unwind(AssertUnwindSafe(|| look(&pixels, width, height)));
    looked.map_err(|_| ScanRefusal::Unreadable)
}

fn grey(bytes: &[u8]) -> Result<(Zeroizing<Vec<u8>>, u32, u32), ScanRefusal> {
    if u64::try_from(bytes.len()).map_or(true, |length| length > MAX_FILE) {
        return Err(ScanRefusal::PictureTooLarge);
    }
    let mut reader =
        ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| ScanRefusal::Unreadable)?;
    if !matches!(reader.format(), Some(ImageFormat::Png | ImageFormat::Jpeg)) {
        return Err(ScanRefusal::Unreadable);
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_UNPACKED);
    reader.limits(limits);
    // What the picture says of its size comes first: nothing is unpacked for one that is too large.
    let decoder = reader.into_decoder().map_err(|_| ScanRefusal::Unreadable)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS || decoder.total_bytes() > MAX_UNPACKED {
        return Err(ScanRefusal::Unreadable);
    }
    let image = DynamicImage::from_decoder(decoder).map_err(|_| ScanRefusal::Unreadable)?.into_luma8();
    let (width, height) = image.dimensions();
    Ok((Zeroizing::new(image.into_raw()), width, height))
}

/// The quick way first: one code, which is what nearly every picture holds. Where that is another one, such as a
/// page's own beside the browser's, all of them are looked for.
fn look(pixels: &[u8], width: u32, height: u32) -> Vec<String> {
    let one = helpers::detect_in_luma_slice(pixels, width, height, Some(BarcodeFormat::QR_CODE));
    let Ok(one) = one else { return Vec::new() };
    let mut hints =
        DecodeHints { PossibleFormats: Some([BarcodeFormat::QR_CODE].into()), ..Default::default() };
    let all = helpers::detect_multiple_in_luma_with_hints(pixels.to_vec(), width, height, &mut hints);
    let mut texts: Vec<String> = all.unwrap_or_default().iter().map(text).collect();
    let first = text(&one);
    if !texts.contains(&first) {
        texts.push(first);
    }
    texts
}

fn text(found: &RXingResult) -> String {
    found.getText().to_owned()
}
