use super::*;

const TICKET: &str = "https://id.example.com/a/e/AAAAAAAAAAAAAAAAAAAAAA";

fn side(markup: &Markup) -> usize {
    let text = markup.to_string();
    let (_, rest) = text.split_once("viewBox=\"0 0 ").unwrap();
    rest.split(' ').next().unwrap().parse().unwrap()
}

#[test]
fn a_ticket_of_ninety_characters_stays_small_enough_for_any_camera() {
    let longest = format!("https://{}/a/e/AAAAAAAAAAAAAAAAAAAAAA", "a".repeat(90 - 8 - 27));
    assert_eq!(longest.len(), 90);
    // Version 6 has 41 modules.
    assert!(side(&svg(&longest)) <= 41 + 8, "{}", side(&svg(&longest)));
    assert!(side(&svg(TICKET)) <= side(&svg(&longest)));
}

#[test]
fn nothing_dark_stands_in_the_quiet_zone() {
    let markup = svg(TICKET);
    let (side, text) = (side(&markup), markup.to_string());
    let (_, path) = text.split_once(" d=\"M").unwrap();
    let bars: Vec<(usize, usize, usize)> = path
        .split('"')
        .next()
        .unwrap()
        .split('M')
        .map(|bar| {
            let (start, rest) = bar.split_once('h').unwrap();
            let (x, y) = start.split_once(' ').unwrap();
            let length = rest.split('v').next().unwrap();
            (x.parse().unwrap(), y.parse().unwrap(), length.parse().unwrap())
        })
        .collect();
    assert!(bars.iter().all(|(x, y, length)| *x >= 4 && *y >= 4 && x + length <= side - 4 && *y < side - 4));
    // The three corners begin with a bar of seven.
    for corner in [(4, 4, 7), (side - 11, 4, 7), (4, side - 11, 7)] {
        assert!(bars.contains(&corner), "{corner:?}");
    }
}

#[test]
fn what_no_code_can_hold_is_no_picture() {
    assert_eq!(svg(&"x".repeat(4000)).to_string(), "");
}
