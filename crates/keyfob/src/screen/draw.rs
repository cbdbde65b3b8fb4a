//! Puts the screen on a terminal of any size, with or without colours.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Paragraph};

use super::dialog::{Dialog, Kind};
use super::{Page, Screen};
use crate::holder::Passkey;
use crate::server::plain;

/// Smaller than this it is no use.
const LEAST: (u16, u16) = (20, 6);

/// Longest name that is shown.
const LONGEST: usize = 100;

/// Draws everything.
pub fn draw(frame: &mut Frame<'_>, screen: &Screen) {
    let area = frame.area();
    let size = (area.width, area.height);
    if let Some(dialog) = screen.dialogs.last() {
        return draw_dialog(frame, screen, dialog);
    }
    if size.0 < LEAST.0 || size.1 < LEAST.1 {
        frame.render_widget(Paragraph::new(wrapped(&screen.text.say("face-small"), area.width)), area);
        return;
    }
    let mut below: Vec<Line<'_>> = Vec::new();
    below.extend(screen.progress.iter().flat_map(|told| wrapped(told, area.width)));
    below.extend(screen.notice.iter().flat_map(|notice| wrapped(notice, area.width)));
    let keys = match (screen.page, screen.progress.is_some()) {
        (_, true) => "face-keys-busy",
        (Page::List, false) => "face-keys",
        (_, false) => "face-back",
    };
    below.extend(wrapped(&screen.text.say(keys), area.width).into_iter().map(|line| line.style(dim(screen))));
    // The list keeps three lines whatever is said below.
    let most = usize::from(area.height.saturating_sub(4));
    let cut = below.len().saturating_sub(most);
    let below: Vec<Line<'_>> = below.into_iter().skip(cut).collect();
    let foot = u16::try_from(below.len()).unwrap_or(area.height);
    let head = Rect { height: 1, ..area };
    let middle = Rect {
        y: area.y.saturating_add(1),
        height: area.height.saturating_sub(1).saturating_sub(foot),
        ..area
    };
    let end = Rect { y: middle.y.saturating_add(middle.height), height: foot, ..area };
    frame.render_widget(title(screen), head);
    match screen.page {
        Page::List => frame.render_widget(Paragraph::new(list(screen, middle)), middle),
        Page::Details => frame.render_widget(Paragraph::new(details(screen, middle.width)), middle),
        Page::Help => frame.render_widget(Paragraph::new(help(screen, middle.width)), middle),
    }
    frame.render_widget(Paragraph::new(below), end);
}

fn title(screen: &Screen) -> Paragraph<'static> {
    let state = match screen.served {
        Some(true) => "face-serve",
        Some(false) => "face-here",
        None => "face-gone",
    };
    let style = strong(screen, Color::Cyan);
    let name = Span::styled(format!("{}  ", screen.text.say("face-title")), style);
    Paragraph::new(Line::from(vec![name, Span::raw(screen.text.say(state))]))
}

fn list(screen: &Screen, area: Rect) -> Vec<Line<'static>> {
    if screen.passkeys.is_empty() {
        let mut lines = wrapped(&screen.text.say("list-empty"), area.width);
        lines.extend(wrapped(&screen.text.say("face-empty"), area.width));
        return lines;
    }
    let lines = usize::from(area.height).max(1);
    // The chosen one is always in sight.
    let first = (screen.chosen.saturating_add(1)).saturating_sub(lines);
    let row = |(place, passkey): (usize, &Passkey)| {
        let line = Line::raw(row(screen, passkey, area.width));
        if place == screen.chosen { line.style(Style::new().add_modifier(Modifier::REVERSED)) } else { line }
    };
    screen.passkeys.iter().enumerate().skip(first).take(lines).map(row).collect()
}

/// One passkey in one line: the narrower the terminal, the fewer its columns.
fn row(screen: &Screen, passkey: &Passkey, width: u16) -> String {
    let width = usize::from(width);
    let (site, account) = (plain(&passkey.site, LONGEST), plain(&passkey.account, LONGEST));
    if width < 48 {
        return fit(&format!("{site}  {account}"), width);
    }
    let used = used(screen, passkey);
    let name = plain(passkey.about.name.as_deref().unwrap_or_default(), LONGEST);
    let left = width.saturating_sub(12);
    let parts = if width < 80 { 2 } else { 3 };
    let each = left.checked_div(parts).unwrap_or(left).saturating_sub(2);
    let mut cells = vec![fit(&site, each), fit(&account, each)];
    if parts == 3 {
        cells.push(fit(&name, each));
    }
    cells.push(used);
    cells.join("  ")
}

fn used(screen: &Screen, passkey: &Passkey) -> String {
    passkey.last_used.as_deref().map_or_else(|| screen.text.say("never"), day)
}

fn day(at: &str) -> String {
    plain(at.split('T').next().unwrap_or_default(), 10)
}

fn details(screen: &Screen, width: u16) -> Vec<Line<'static>> {
    let Some(passkey) = screen.chosen() else { return Vec::new() };
    let text = screen.text;
    let or_none = |value: Option<&str>| value.map_or_else(|| "–".to_owned(), |value| plain(value, LONGEST));
    let facts = [
        ("list-site", plain(&passkey.site, 253)),
        ("list-account", plain(&passkey.account, LONGEST)),
        (
            "list-display",
            or_none(Some(&passkey.display_name).filter(|name| !name.is_empty()).map(|x| x.as_str())),
        ),
        ("list-name", or_none(passkey.about.name.as_deref())),
        ("list-server", or_none(passkey.about.server.as_deref())),
        ("list-created", plain(&passkey.created, 40)),
        ("list-used", passkey.last_used.as_deref().map_or_else(|| text.say("never"), |at| plain(at, 40))),
        ("list-id", plain(&passkey.id, 1400)),
    ];
    let lines = facts.iter().flat_map(|(id, value)| wrapped(&format!("{}: {value}", text.say(id)), width));
    lines.collect()
}

fn help(screen: &Screen, width: u16) -> Vec<Line<'static>> {
    let said = ["face-help", "face-help-keys", "face-help-approve"];
    said.iter().flat_map(|id| wrapped(&screen.text.say(id), width)).collect()
}

fn draw_dialog(frame: &mut Frame<'_>, screen: &Screen, dialog: &Dialog) {
    let area = frame.area();
    let (lines, whole) = asked(screen, dialog, (area.width, area.height));
    let lines = if whole { lines } else { wrapped(&screen.text.say("face-small"), area.width) };
    let framed = framed((area.width, area.height));
    let border = if framed { 1 } else { 0 };
    let height = u16::try_from(lines.len()).unwrap_or(area.height).saturating_add(2 * border);
    let place = Rect { height: height.min(area.height), ..area };
    frame.render_widget(Clear, area);
    let paragraph = Paragraph::new(lines);
    if framed {
        let title = format!(" {} ", screen.text.say("face-title"));
        let block = Block::bordered().title(title).border_style(strong(screen, Color::Yellow));
        frame.render_widget(paragraph.block(block), place);
    } else {
        frame.render_widget(paragraph, place);
    }
}

/// A border costs two columns and two lines, which a small terminal has not.
fn framed(size: (u16, u16)) -> bool {
    size.0 >= 40 && size.1 >= 12
}

/// Whether all of what is asked stands on a terminal of that size.
pub(super) fn stands_whole(screen: &Screen, size: (u16, u16)) -> bool {
    screen.dialogs.last().is_none_or(|dialog| asked(screen, dialog, size).1)
}

/// The lines of a dialog, and whether they all fit.
fn asked(screen: &Screen, dialog: &Dialog, size: (u16, u16)) -> (Vec<Line<'static>>, bool) {
    let border = if framed(size) { 2 } else { 0 };
    let (width, height) = (size.0.saturating_sub(border), usize::from(size.1.saturating_sub(border)));
    let mut lines: Vec<Line<'static>> = dialog.lines.iter().flat_map(|line| wrapped(line, width)).collect();
    match &dialog.kind {
        Kind::Keys(keys) => {
            let keys: Vec<String> = keys.iter().map(|key| format!("[{key}] ")).collect();
            let keys = format!("{} [Esc]", keys.concat());
            lines.extend(wrapped(&keys, width).into_iter().map(|line| line.style(dim(screen))));
        }
        Kind::Pick(accounts) => {
            let left = height.saturating_sub(lines.len());
            let first = dialog.chosen.saturating_add(1).saturating_sub(left.max(1));
            for (place, account) in accounts.iter().enumerate().skip(first).take(left.max(1)) {
                let line = Line::raw(fit(&plain(account, LONGEST), usize::from(width)));
                let chosen = place == dialog.chosen;
                let style = Style::new().add_modifier(Modifier::REVERSED);
                lines.push(if chosen { line.style(style) } else { line });
            }
        }
        Kind::Line { hidden } => lines.push(Line::raw(typed(&dialog.typed, *hidden, width))),
        Kind::Word(_) => lines.push(Line::raw(typed(&dialog.typed, false, width))),
    }
    let whole = lines.len() <= height && width >= 10;
    (lines, whole)
}

/// The end of what was typed; of a secret only that something was.
fn typed(text: &str, hidden: bool, width: u16) -> String {
    let room = usize::from(width.saturating_sub(3));
    let count = text.chars().count();
    let shown: String = if hidden {
        "•".repeat(count.min(room))
    } else {
        text.chars().skip(count.saturating_sub(room)).collect()
    };
    format!("> {shown}_")
}

fn strong(screen: &Screen, colour: Color) -> Style {
    let style = Style::new().add_modifier(Modifier::BOLD);
    if screen.colour { style.fg(colour) } else { style }
}

fn dim(screen: &Screen) -> Style {
    if screen.colour { Style::new().fg(Color::DarkGray) } else { Style::new() }
}

/// Exactly so wide: cut, or filled up.
fn fit(text: &str, width: usize) -> String {
    let mut shown = String::new();
    let mut room = width;
    for character in text.chars() {
        let wide = wide(character);
        if wide > room {
            break;
        }
        room = room.saturating_sub(wide);
        shown.push(character);
    }
    shown.extend(std::iter::repeat_n(' ', room));
    shown
}

fn wide(character: char) -> usize {
    let mut buffer = [0; 4];
    Span::raw(&*character.encode_utf8(&mut buffer)).width()
}

/// A text in lines of at most so many columns, broken between words where it can be.
pub(super) fn wrapped(text: &str, width: u16) -> Vec<Line<'static>> {
    let width = usize::from(width.max(1));
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let (mut line, mut used) = (String::new(), 0_usize);
        for word in paragraph.split(' ') {
            let long: usize = word.chars().map(wide).sum();
            if used > 0 && used.saturating_add(1).saturating_add(long) > width {
                lines.push(Line::raw(std::mem::take(&mut line)));
                used = 0;
            } else if used > 0 {
                line.push(' ');
                used = used.saturating_add(1);
            }
            for character in word.chars() {
                let wide = wide(character);
                if used > 0 && used.saturating_add(wide) > width {
                    lines.push(Line::raw(std::mem::take(&mut line)));
                    used = 0;
                }
                line.push(character);
                used = used.saturating_add(wide);
            }
        }
        lines.push(Line::raw(line));
    }
    lines
}
