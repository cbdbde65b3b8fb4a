//! Pictures of applications: read as what they are, scaled, and written anew, so that nothing of the uploaded file is
//! ever served. PNG only: what is drawn by a program of its own (SVG) is refused (assurance A6).

use std::io::Cursor;

use png::{BitDepth, ColorType, Decoder, Encoder, Limits, Transformations};

/// Longest upload in bytes.
pub(crate) const LONGEST: usize = 256 * 1024;
/// Greatest width and height of an upload.
const LARGEST: u32 = 1024;
/// Greatest width and height of what is kept.
const KEPT: u32 = 256;
/// What decoding may take.
const MEMORY: usize = 16 * 1024 * 1024;

/// Why a picture cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogoRefusal {
    /// Longer than [`LONGEST`].
    TooLong,
    /// It is an SVG, which can hold scripts.
    Svg,
    /// It is no PNG, or a broken one.
    NotPng,
    /// Wider or higher than 1024 pixels.
    TooLarge,
}

impl LogoRefusal {
    /// The stable code.
    pub(crate) fn code(self) -> &'static str {
        match self {
            LogoRefusal::TooLong => "client_logo_too_long",
            LogoRefusal::Svg => "client_logo_svg",
            LogoRefusal::NotPng => "client_logo_not_png",
            LogoRefusal::TooLarge => "client_logo_too_large",
        }
    }
}

/// Four octets a pixel.
struct Picture {
    width: u32,
    height: u32,
    pixels: Vec<[u8; 4]>,
}

/// The picture as it is kept: at most 256 pixels each way, its metadata gone.
pub(crate) fn redrawn(uploaded: &[u8]) -> Result<Vec<u8>, LogoRefusal> {
    if uploaded.len() > LONGEST {
        return Err(LogoRefusal::TooLong);
    }
    if looks_like_svg(uploaded) {
        return Err(LogoRefusal::Svg);
    }
    encode(&scaled(decode(uploaded)?)).ok_or(LogoRefusal::NotPng)
}

fn looks_like_svg(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(bytes.get(..1024).unwrap_or(bytes)).to_ascii_lowercase();
    start.contains("<svg") || start.trim_start_matches('\u{feff}').trim_start().starts_with("<?xml")
}

fn decode(bytes: &[u8]) -> Result<Picture, LogoRefusal> {
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: MEMORY });
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(Transformations::normalize_to_color8() | Transformations::ALPHA);
    let mut reader = decoder.read_info().map_err(|_| LogoRefusal::NotPng)?;
    let (width, height) = reader.info().size();
    if width > LARGEST || height > LARGEST {
        return Err(LogoRefusal::TooLarge);
    }
    let size = reader.output_buffer_size().ok_or(LogoRefusal::NotPng)?;
    let mut buffer = vec![0; size];
    let frame = reader.next_frame(&mut buffer).map_err(|_| LogoRefusal::NotPng)?;
    let pixels: Vec<[u8; 4]> = match frame.color_type {
        ColorType::Rgba => buffer.chunks_exact(4).filter_map(|pixel| pixel.try_into().ok()).collect(),
        ColorType::GrayscaleAlpha => buffer
            .chunks_exact(2)
            .filter_map(|pixel| <[u8; 2]>::try_from(pixel).ok())
            .map(|[gray, alpha]| [gray, gray, gray, alpha])
            .collect(),
        _ => return Err(LogoRefusal::NotPng),
    };
    let whole = u64::try_from(pixels.len()).ok() == Some(u64::from(width).saturating_mul(u64::from(height)));
    if whole { Ok(Picture { width, height, pixels }) } else { Err(LogoRefusal::NotPng) }
}

/// Each kept pixel is the mean of the square that it stands for, weighed by how opaque the parts are.
fn scaled(picture: Picture) -> Picture {
    let longest = picture.width.max(picture.height);
    if longest <= KEPT {
        return picture;
    }
    let shrink = |length: u32| (length.saturating_mul(KEPT) / longest).max(1);
    let (width, height) = (shrink(picture.width), shrink(picture.height));
    let mut pixels = Vec::new();
    for row in 0..height {
        for column in 0..width {
            let across = span(column, width, picture.width);
            pixels.push(mean(&picture, across, span(row, height, picture.height)));
        }
    }
    Picture { width, height, pixels }
}

/// The part of `from` pixels that the one at `at` of `to` stands for: at least one.
fn span(at: u32, to: u32, from: u32) -> std::ops::Range<u32> {
    let edge = |at: u32| at.saturating_mul(from) / to.max(1);
    let (start, end) = (edge(at), edge(at.saturating_add(1)));
    start..end.max(start.saturating_add(1)).min(from)
}

fn mean(picture: &Picture, across: std::ops::Range<u32>, down: std::ops::Range<u32>) -> [u8; 4] {
    let (mut colours, mut opaque, mut count) = ([0u64; 3], 0u64, 0u64);
    for row in down {
        for column in across.clone() {
            let index = row.saturating_mul(picture.width).saturating_add(column);
            let pixel = usize::try_from(index).ok().and_then(|index| picture.pixels.get(index));
            let Some([red, green, blue, alpha]) = pixel.copied() else { continue };
            let weight = u64::from(alpha);
            for (sum, colour) in colours.iter_mut().zip([red, green, blue]) {
                *sum = sum.saturating_add(u64::from(colour).saturating_mul(weight));
            }
            opaque = opaque.saturating_add(weight);
            count = count.saturating_add(1);
        }
    }
    let octet = |sum: u64, over: u64| u8::try_from(sum / over.max(1)).unwrap_or(u8::MAX);
    let [red, green, blue] = colours.map(|sum| octet(sum, opaque));
    [red, green, blue, octet(opaque, count)]
}

fn encode(picture: &Picture) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, picture.width, picture.height);
    encoder.set_color(ColorType::Rgba);
    encoder.set_depth(BitDepth::Eight);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(picture.pixels.as_flattened()).ok()?;
    writer.finish().ok()?;
    Some(out)
}

#[cfg(test)]
mod tests;
