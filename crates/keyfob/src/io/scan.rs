//! Where a QR code comes from: text, a picture, the screen, a camera.
//!
//! Only the person starts any of these. No program can hand Keyfob a code by opening an address: there is no handler
//! for `FIDO:/`, so that no page can have one taken that nobody has looked at (CVE-2024-9956).

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use tokio::time::timeout;
use zeroize::Zeroizing;

mod frames;
mod outside;
mod picture;

pub use outside::{Camera, Programs, SCREEN_PROGRAMS};
pub use picture::{MAX_FILE, MAX_PIXELS, MAX_SIDE};

/// The most letters of a text that are looked at: more than any QR code holds.
const MAX_TEXT: usize = 8 * 1024;

/// How long a picture is looked at. Nearly all take milliseconds; one that was made to take long is given up.
const LOOKING: Duration = Duration::from_secs(20);

/// How a code's text begins.
const SCHEME: &str = "FIDO:/";

/// Where the code is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// In words: its text, copied.
    Text(String),
    /// In a picture: PNG or JPEG.
    Picture(PathBuf),
    /// On this computer's own screen.
    Screen,
    /// Before a camera.
    Camera(Camera),
}

/// Finds the one code that a client shows there.
pub async fn read(source: Source, programs: &Programs) -> Result<Zeroizing<String>, ScanRefusal> {
    match source {
        Source::Text(text) => from_text(&text),
        Source::Picture(path) => {
            let file = tokio::fs::metadata(&path).await.map_err(|_| ScanRefusal::NoPicture)?;
            if file.len() > MAX_FILE {
                return Err(ScanRefusal::PictureTooLarge);
            }
            let bytes = tokio::fs::read(&path).await.map_err(|_| ScanRefusal::NoPicture)?;
            from_picture(bytes).await
        }
        Source::Screen => from_picture(programs.screen().await?).await,
        Source::Camera(camera) => programs.watch(&camera).await,
    }
}

/// The code in a text that was copied.
pub fn from_text(text: &str) -> Result<Zeroizing<String>, ScanRefusal> {
    if text.len() > MAX_TEXT {
        return Err(ScanRefusal::TextTooLong);
    }
    let text = text.trim();
    if !is_code(text) {
        return Err(ScanRefusal::NoCode);
    }
    Ok(Zeroizing::new(text.to_owned()))
}

/// The code in a picture. Looking takes some time, so that it is done beside everything else.
pub async fn from_picture(bytes: Vec<u8>) -> Result<Zeroizing<String>, ScanRefusal> {
    within(LOOKING, bytes).await
}

async fn within(time: Duration, bytes: Vec<u8>) -> Result<Zeroizing<String>, ScanRefusal> {
    let looking = tokio::task::spawn_blocking(move || picture::codes(&bytes));
    let looked = timeout(time, looking).await.map_err(|_| ScanRefusal::TookTooLong)?;
    the_one(looked.map_err(|_| ScanRefusal::Unreadable)??)
}

/// Of everything that was read, the one code of a client.
fn the_one(texts: Vec<String>) -> Result<Zeroizing<String>, ScanRefusal> {
    let seen = texts.len();
    let mut codes: Vec<Zeroizing<String>> = Vec::new();
    for text in texts.into_iter().map(Zeroizing::new).filter(|text| is_code(text)) {
        if !codes.contains(&text) {
            codes.push(text);
        }
    }
    match (codes.pop(), codes.is_empty()) {
        (Some(code), true) => Ok(code),
        (Some(_), false) => Err(ScanRefusal::SeveralCodes),
        (None, _) if seen > 0 => Err(ScanRefusal::OtherCode),
        (None, _) => Err(ScanRefusal::NoCode),
    }
}

fn is_code(text: &str) -> bool {
    text.get(..SCHEME.len()).is_some_and(|start| start.eq_ignore_ascii_case(SCHEME))
}

/// Why no code was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanRefusal {
    /// The text is longer than any code.
    TextTooLong,
    /// The file cannot be read.
    NoPicture,
    /// The file has more than [`MAX_FILE`] bytes.
    PictureTooLarge,
    /// It is neither PNG nor JPEG, broken, or too many pixels high or wide.
    Unreadable,
    /// Looking for a code in it takes too long.
    TookTooLong,
    /// There is no code.
    NoCode,
    /// There is a QR code, but none with which another device asks for a passkey.
    OtherCode,
    /// There are several: which one is meant is the person's business.
    SeveralCodes,
    /// No program is here that takes a picture of the screen.
    NoScreenProgram,
    /// No program is here that reads a camera.
    NoCameraProgram,
    /// The program that should have taken the picture failed.
    ProgramFailed,
    /// The camera saw no code for too long.
    NothingSeen,
}

impl ScanRefusal {
    /// The name by which people and logs know it.
    pub fn code(self) -> &'static str {
        match self {
            ScanRefusal::TextTooLong => "text_too_long",
            ScanRefusal::NoPicture => "no_picture",
            ScanRefusal::PictureTooLarge => "picture_too_large",
            ScanRefusal::Unreadable => "picture_unreadable",
            ScanRefusal::TookTooLong => "picture_took_too_long",
            ScanRefusal::NoCode => "no_code",
            ScanRefusal::OtherCode => "other_code",
            ScanRefusal::SeveralCodes => "several_codes",
            ScanRefusal::NoScreenProgram => "no_screen_program",
            ScanRefusal::NoCameraProgram => "no_camera_program",
            ScanRefusal::ProgramFailed => "program_failed",
            ScanRefusal::NothingSeen => "nothing_seen",
        }
    }
}

impl fmt::Display for ScanRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ScanRefusal::TextTooLong => "The text is longer than any code.",
            ScanRefusal::NoPicture => "The picture cannot be read.",
            ScanRefusal::PictureTooLarge => "The picture is larger than 32 MiB.",
            ScanRefusal::Unreadable => {
                "The picture is neither PNG nor JPEG, or it is broken, or it has more than 40 million pixels."
            }
            ScanRefusal::TookTooLong => "Looking for a code in this picture takes too long.",
            ScanRefusal::NoCode => "There is no code of another device to be seen.",
            ScanRefusal::OtherCode => "There is a QR code, but none with which a device asks for a passkey.",
            ScanRefusal::SeveralCodes => "There are several codes. Show the one that you mean.",
            ScanRefusal::NoScreenProgram => {
                "No program takes a picture of the screen here: install grim (Wayland), maim or ImageMagick (X11)."
            }
            ScanRefusal::NoCameraProgram => "No program reads a camera here: install ffmpeg.",
            ScanRefusal::ProgramFailed => "The program that should have taken the picture failed.",
            ScanRefusal::NothingSeen => "The camera saw no code.",
        })
    }
}

#[cfg(test)]
mod tests;
