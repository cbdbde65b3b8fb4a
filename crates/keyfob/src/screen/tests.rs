use std::sync::atomic::{AtomicU64, Ordering};

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::KeyEventState;
use ratatui::style::Color;
use tokio::sync::oneshot;

use super::dialog::UNMEANT;
use super::*;
use crate::holder::About;

const LATER: Duration = Duration::from_secs(10);

fn passkey(id: &str, site: &str, account: &str) -> Passkey {
    Passkey {
        id: id.to_owned(),
        site: site.to_owned(),
        account: account.to_owned(),
        user: format!("handle of {account}"),
        display_name: "Ana Meier".to_owned(),
        created: "2026-11-03T08:00:00Z".to_owned(),
        last_used: Some("2026-11-20T08:12:00Z".to_owned()),
        about: About { name: Some("Laptop".to_owned()), ..About::default() },
    }
}

fn screen() -> Screen {
    let mut screen = Screen::new(Text::English, true, true);
    screen.listed(vec![
        passkey("AAAA1111", "example.org", "ana@example.org"),
        passkey("BBBB2222", "example.com", "bob@example.com"),
    ]);
    screen
}

fn shown() -> Shown {
    Shown {
        lines: vec!["Sign in to example.org as ana?".to_owned(), "Asked by a program.".to_owned()],
        accounts: vec!["ana".to_owned()],
        passphrase: false,
        reset: false,
    }
}

fn key(code: KeyCode) -> KeyEvent {
    KeyEvent { code, modifiers: KeyModifiers::NONE, kind: KeyEventKind::Press, state: KeyEventState::NONE }
}

fn press(screen: &mut Screen, codes: &[KeyCode]) -> Option<Effect> {
    // Nobody types faster than that.
    static SECONDS: AtomicU64 = AtomicU64::new(20);
    let mut effect = None;
    for code in codes {
        effect = screen.key(key(*code), Duration::from_secs(SECONDS.fetch_add(1, Ordering::Relaxed)));
    }
    effect
}

fn typed(screen: &mut Screen, text: &str) -> Option<Effect> {
    for character in text.chars() {
        assert!(press(screen, &[KeyCode::Char(character)]).is_none());
    }
    press(screen, &[KeyCode::Enter])
}

/// What stands on a terminal of that size.
fn seen(screen: &mut Screen, width: u16, height: u16) -> Vec<String> {
    screen.size = (width, height);
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| draw::draw(frame, screen)).unwrap();
    let buffer = terminal.backend().buffer();
    let line = |y| (0..width).map(|x| buffer[(x, y)].symbol().to_owned()).collect::<String>();
    (0..height).map(|y| line(y).trim_end().to_owned()).collect()
}

#[test]
fn the_list_shows_site_account_name_and_last_use() {
    let lines = seen(&mut screen(), 100, 12);
    assert!(lines[0].starts_with("Keyfob  Requests are shown here"), "{lines:?}");
    for word in ["example.org", "ana@example.org", "Laptop", "2026-11-20"] {
        assert!(lines[1].contains(word), "{word}: {lines:?}");
    }
    assert!(lines[11].contains("q quit"), "{lines:?}");
}

#[test]
fn a_small_terminal_shows_less_and_never_breaks() {
    let mut screen = screen();
    for (width, height) in [(40, 8), (24, 6), (20, 6), (19, 5), (5, 2), (1, 1), (300, 100)] {
        let lines = seen(&mut screen, width, height);
        assert!(lines.iter().all(|line| line.chars().count() <= usize::from(width)), "{width}×{height}");
        if (20..100).contains(&width) {
            assert!(lines.iter().any(|line| line.contains("example.org")), "{width}×{height}: {lines:?}");
        }
    }
    assert!(seen(&mut screen, 19, 5).join(" ").contains("larger"));
    screen.page = Page::Details;
    seen(&mut screen, 1, 1);
    screen.page = Page::Help;
    seen(&mut screen, 1, 1);
}

#[test]
fn without_colour_there_is_none() {
    let mut screen = screen();
    screen.colour = false;
    screen.asked(1, shown(), LATER);
    for _ in 0..2 {
        let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
        terminal.draw(|frame| draw::draw(frame, &screen)).unwrap();
        let coloured = terminal
            .backend()
            .buffer()
            .content()
            .iter()
            .any(|cell| cell.fg != Color::Reset || cell.bg != Color::Reset);
        assert!(!coloured);
        screen.dialogs.clear();
    }
}

#[test]
fn names_of_a_site_steer_no_terminal_here_either() {
    let mut screen = screen();
    screen.listed(vec![passkey("A\u{1b}[2J", "exa\u{202e}mple\u{7}.org", "\u{1b}]0;x\u{7}ana")]);
    for page in [Page::List, Page::Details] {
        screen.page = page;
        let all = seen(&mut screen, 80, 24).join("");
        assert!(
            !all.contains(|character: char| character.is_control() || character == '\u{202e}'),
            "{all:?}"
        );
        assert!(all.contains("example.org"), "{all}");
    }
}

#[test]
fn keys_choose_and_show_details() {
    let mut screen = screen();
    press(&mut screen, &[KeyCode::Down, KeyCode::Down, KeyCode::Enter]);
    assert_eq!((screen.chosen, screen.page), (1, Page::Details));
    assert!(seen(&mut screen, 80, 24).join("\n").contains("Full name: Ana Meier"));
    press(&mut screen, &[KeyCode::Esc, KeyCode::Home]);
    assert_eq!((screen.chosen, screen.page), (0, Page::List));
    assert!(matches!(press(&mut screen, &[KeyCode::Char('q')]), Some(Effect::Quit)));
    let control_c = KeyEvent { modifiers: KeyModifiers::CONTROL, ..key(KeyCode::Char('c')) };
    screen.asked(1, shown(), LATER);
    assert!(matches!(screen.key(control_c, LATER), Some(Effect::Quit)));
}

#[test]
fn a_question_is_approved_or_refused_by_its_number() {
    for (code, approved) in [
        (KeyCode::Char('y'), true),
        (KeyCode::Char('Y'), true),
        (KeyCode::Char('n'), false),
        (KeyCode::Esc, false),
    ] {
        let mut screen = screen();
        screen.asked(7, shown(), Duration::ZERO);
        assert!(seen(&mut screen, 80, 24).join("\n").contains("Sign in to example.org as ana?"));
        let Some(Effect::Answer(7, said)) = press(&mut screen, &[code]) else { panic!("no answer") };
        assert_eq!(said.approved, approved);
        assert!(screen.dialogs.is_empty());
    }
    let mut screen = screen();
    screen.asked(7, shown(), Duration::ZERO);
    assert!(press(&mut screen, &[KeyCode::Enter, KeyCode::Char(' '), KeyCode::Char('x')]).is_none());
    assert_eq!(screen.dialogs.len(), 1, "nothing else is an answer");
}

#[test]
fn a_key_that_was_meant_for_something_else_approves_nothing() {
    let mut screen = screen();
    press(&mut screen, &[KeyCode::Char('r')]);
    screen.asked(7, shown(), LATER);
    let early = LATER + UNMEANT - Duration::from_millis(1);
    assert!(screen.key(key(KeyCode::Char('y')), early).is_none());
    assert!(screen.key(key(KeyCode::Esc), early).is_none());
    assert_eq!(screen.dialogs.len(), 2);
    assert!(matches!(screen.key(key(KeyCode::Char('y')), LATER + UNMEANT), Some(Effect::Answer(7, _))));
}

#[test]
fn what_does_not_stand_whole_on_the_screen_is_not_approved() {
    let mut screen = screen();
    let long = Shown { lines: vec!["x".repeat(400)], ..shown() };
    screen.asked(7, long, Duration::ZERO);
    assert!(seen(&mut screen, 30, 8).join(" ").contains("larger"));
    assert!(press(&mut screen, &[KeyCode::Char('y')]).is_none());
    assert_eq!(screen.dialogs.len(), 1);
    screen.size = (80, 24);
    assert!(
        matches!(press(&mut screen, &[KeyCode::Char('y')]), Some(Effect::Answer(7, said)) if said.approved)
    );
}

#[test]
fn a_passphrase_comes_after_the_approval_and_is_never_shown() {
    let mut screen = screen();
    screen.asked(7, Shown { passphrase: true, ..shown() }, Duration::ZERO);
    assert!(press(&mut screen, &[KeyCode::Char('y')]).is_none());
    for character in "correct horse".chars() {
        press(&mut screen, &[KeyCode::Char(character)]);
    }
    let lines = seen(&mut screen, 80, 24).join("\n");
    assert!(!lines.contains("horse") && lines.contains("•••"), "{lines}");
    assert!(!format!("{screen:?}").contains("horse"));
    let Some(Effect::Answer(7, said)) = press(&mut screen, &[KeyCode::Enter]) else { panic!("no answer") };
    assert!(said.approved);
    assert_eq!(said.passphrase.unwrap().reveal(), "correct horse");
    screen.asked(8, Shown { passphrase: true, ..shown() }, Duration::ZERO);
    let Some(Effect::Answer(8, said)) = press(&mut screen, &[KeyCode::Char('y'), KeyCode::Enter]) else {
        panic!("no answer")
    };
    assert!(!said.approved, "an empty passphrase is none");
}

#[test]
fn one_of_several_accounts_is_picked() {
    let mut screen = screen();
    let several = Shown { accounts: vec!["ana".to_owned(), "bob".to_owned()], passphrase: true, ..shown() };
    screen.asked(7, several, Duration::ZERO);
    assert!(press(&mut screen, &[KeyCode::Down, KeyCode::Down, KeyCode::Enter]).is_none());
    assert!(seen(&mut screen, 80, 24).join("\n").contains("bob"));
    let Some(Effect::Answer(7, said)) = typed(&mut screen, "secret secret") else { panic!("no answer") };
    assert_eq!((said.approved, said.account), (true, 1));
}

#[test]
fn everything_is_deleted_by_a_word_alone() {
    for (word, approved) in [("delete", true), ("y", false), ("", false)] {
        let mut screen = screen();
        screen.asked(7, Shown { reset: true, ..shown() }, Duration::ZERO);
        let Some(Effect::Answer(7, said)) = typed(&mut screen, word) else { panic!("no answer") };
        assert_eq!(said.approved, approved, "{word}");
    }
}

#[test]
fn a_withdrawn_question_goes_and_so_does_a_serve() {
    let mut screen = screen();
    screen.asked(7, shown(), LATER);
    screen.withdrawn(6);
    assert_eq!(screen.dialogs.len(), 1);
    screen.withdrawn(7);
    assert!(seen(&mut screen, 80, 24).join("\n").contains("given up"));
    press(&mut screen, &[KeyCode::Enter]);
    assert!(screen.dialogs.is_empty());
    screen.asked(8, shown(), LATER);
    screen.left();
    press(&mut screen, &[KeyCode::Esc]);
    assert!(screen.dialogs.is_empty());
    assert!(seen(&mut screen, 80, 24)[0].contains("has ended"));
}

#[test]
fn who_types_on_when_the_question_has_gone_does_nothing_by_it() {
    let mut screen = screen();
    screen.asked(7, Shown { passphrase: true, ..shown() }, LATER);
    press(&mut screen, &[KeyCode::Char('y'), KeyCode::Char('d')]);
    screen.withdrawn(7);
    for character in "daddy quirky".chars() {
        assert!(press(&mut screen, &[KeyCode::Char(character)]).is_none(), "{character}");
    }
    assert!(press(&mut screen, &[KeyCode::Enter]).is_none());
    assert!(screen.dialogs.is_empty() && screen.page == Page::List);
    // Nor is a passkey removed by two keys of a word.
    assert!(screen.key(key(KeyCode::Char('d')), LATER).is_none());
    assert!(screen.key(key(KeyCode::Char('y')), LATER + Duration::from_millis(100)).is_none());
    assert_eq!(screen.dialogs.len(), 1);
}

#[test]
fn passkeys_are_added_renamed_and_removed() {
    let mut screen = screen();
    press(&mut screen, &[KeyCode::Char('a')]);
    assert!(
        matches!(typed(&mut screen, "id.example.com"), Some(Effect::Add(server)) if server == "id.example.com")
    );
    press(&mut screen, &[KeyCode::Char('r')]);
    assert!(
        matches!(typed(&mut screen, "Desk"), Some(Effect::Rename(passkey, name)) if passkey.id == "AAAA1111" && name == "Desk")
    );
    press(&mut screen, &[KeyCode::Char('r')]);
    assert!(typed(&mut screen, &"x".repeat(61)).is_none());
    assert_eq!(screen.notice, Some(Text::English.say("face-name")));
    press(&mut screen, &[KeyCode::Esc, KeyCode::Char('d')]);
    assert!(seen(&mut screen, 80, 24).join("\n").contains("ana@example.org at example.org"));
    assert!(press(&mut screen, &[KeyCode::Char('n')]).is_none());
    press(&mut screen, &[KeyCode::Char('d')]);
    assert!(
        matches!(press(&mut screen, &[KeyCode::Char('y')]), Some(Effect::Remove(passkey)) if passkey.id == "AAAA1111")
    );
    screen.progress = Some("Working".to_owned());
    press(&mut screen, &[KeyCode::Char('a')]);
    assert!(screen.dialogs.is_empty(), "one thing at a time");
    assert!(matches!(press(&mut screen, &[KeyCode::Esc]), Some(Effect::GiveUp)));
}

#[test]
fn an_errand_gets_what_was_typed_and_what_was_pressed() {
    let mut screen = screen();
    let (reply, mut answer) = oneshot::channel();
    let dialog = Dialog::line(vec!["Login".to_owned()], true, Purpose::Prompt(reply), Duration::ZERO);
    screen.dialogs.push(dialog);
    typed(&mut screen, "ana");
    assert_eq!(answer.try_recv().unwrap().unwrap().as_str(), "ana");
    let (reply, mut answer) = oneshot::channel();
    let keys = vec!['c', 'n', 'q'];
    screen.dialogs.push(Dialog::keys(Vec::new(), keys, Purpose::Prompt(reply), Duration::ZERO));
    press(&mut screen, &[KeyCode::Char('n')]);
    assert_eq!(answer.try_recv().unwrap().unwrap().as_str(), "1");
    let (reply, mut answer) = oneshot::channel();
    screen.dialogs.push(Dialog::line(Vec::new(), false, Purpose::Prompt(reply), Duration::ZERO));
    press(&mut screen, &[KeyCode::Esc]);
    assert!(answer.try_recv().unwrap().is_none());
}

#[test]
fn a_line_is_as_long_as_a_line_may_be() {
    let mut screen = screen();
    press(&mut screen, &[KeyCode::Char('a')]);
    let Some(Effect::Add(server)) = typed(&mut screen, &"x".repeat(5000)) else { panic!("nothing") };
    assert_eq!(server.len(), 1024);
}

#[test]
fn the_list_may_change_under_the_hand() {
    let mut screen = screen();
    press(&mut screen, &[KeyCode::Down, KeyCode::Enter]);
    screen.listed(vec![passkey("BBBB2222", "example.com", "bob@example.com")]);
    assert_eq!((screen.chosen, screen.page), (0, Page::Details), "the same one");
    screen.listed(Vec::new());
    assert_eq!((screen.chosen, screen.page), (0, Page::List));
    assert!(seen(&mut screen, 80, 24).join("\n").contains("holds no passkeys"));
    for code in [KeyCode::Enter, KeyCode::Char('r'), KeyCode::Char('d'), KeyCode::Down, KeyCode::End] {
        assert!(press(&mut screen, &[code]).is_none());
    }
}

#[test]
fn wide_characters_take_two_columns() {
    let lines = draw::wrapped("日本語日本語 ab", 7);
    let widths: Vec<usize> = lines.iter().map(ratatui::text::Line::width).collect();
    assert_eq!(widths, [6, 6, 2].map(|width: usize| width)[..widths.len().min(3)]);
    assert!(widths.iter().all(|width| *width <= 7), "{widths:?}");
}
