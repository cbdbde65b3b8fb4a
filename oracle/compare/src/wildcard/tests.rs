use super::matches;

#[test]
fn a_star_stands_for_anything() {
    for (pattern, text) in [
        ("a", "a"),
        ("*", ""),
        ("a*", "a"),
        ("a*c", "abc"),
        ("*b*", "abc"),
        ("a*b*c", "a.b.c"),
        ("*ab", "aab"),
    ] {
        assert!(matches(pattern, text), "{pattern} {text}");
    }
    for (pattern, text) in [("a", "ab"), ("a*", "b"), ("*c", "cb"), ("a*bc*d", "abd"), ("ab*b", "ab")] {
        assert!(!matches(pattern, text), "{pattern} {text}");
    }
}
