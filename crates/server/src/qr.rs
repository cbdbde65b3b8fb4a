//! QR codes: a text as a picture that a phone's camera reads.
//!
//! Always dark on white, whatever the page's colours are, with the quiet zone of four modules that readers need. The
//! picture says nothing to those who do not see it: whoever shows it gives it a role and a label, and the text beside it.

use std::fmt::{self, Write as _};

use qrcode::{Color, EcLevel, QrCode};

#[cfg(test)]
mod tests;

/// Modules of white on each side (ISO/IEC 18004).
const QUIET_ZONE: usize = 4;

/// An `<svg>` made here: templates print it as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Markup(String);

impl fmt::Display for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for Markup {}

/// `text` as a QR code whose reader corrects 15 of 100 (level M). Empty if the text is longer than any code can
/// hold, which is more than two thousand characters.
pub fn svg(text: &str) -> Markup {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else {
        return Markup(String::new());
    };
    let width = code.width();
    let side = width.saturating_add(2 * QUIET_ZONE);
    // One path for all: dark modules that stand side by side in a row are one bar.
    let mut bars = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|one, other| one == other) {
            if run.first() == Some(&Color::Dark) {
                let (left, top, length) = (x + QUIET_ZONE, y + QUIET_ZONE, run.len());
                // Writing to a string cannot fail.
                let _ = write!(bars, "M{left} {top}h{length}v1h-{length}z");
            }
            x = x.saturating_add(run.len());
        }
    }
    Markup(format!(
        "<svg class=\"qr\" viewBox=\"0 0 {side} {side}\" aria-hidden=\"true\" focusable=\"false\" \
         shape-rendering=\"crispEdges\"><rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/>\
         <path fill=\"#000\" d=\"{bars}\"/></svg>"
    ))
}
