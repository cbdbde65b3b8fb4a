//! Fields of a form, some of which come more than once.

use primitives::time::Timestamp;

/// Names and values, in the order of the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields(Vec<(String, String)>);

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// The field.
    pub(crate) field: &'static str,
    /// The message about it.
    pub(crate) key: &'static str,
    /// What of it the message quotes.
    pub(crate) detail: String,
}

impl Wrong {
    pub(crate) fn new(field: &'static str, key: &'static str, detail: impl ToString) -> Self {
        Self { field, key, detail: detail.to_string() }
    }
}

impl From<Vec<(String, String)>> for Fields {
    fn from(fields: Vec<(String, String)>) -> Self {
        Self(fields)
    }
}

impl Fields {
    /// The first value of that name, trimmed; empty if there is none.
    pub(crate) fn one(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    /// Every value of that name, trimmed.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(named, _)| named == name).map(|(_, value)| value.trim())
    }

    /// Names and values as they came.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether a box is ticked, or a value chosen.
    pub(crate) fn has(&self, name: &str, value: &str) -> bool {
        self.all(name).any(|found| found == value)
    }

    /// Whether the box of that name is ticked.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.has(name, "yes")
    }

    pub(crate) fn put(&mut self, name: &str, value: impl ToString) {
        self.0.push((name.to_owned(), value.to_string()));
    }

    pub(crate) fn put_flag(&mut self, name: &str, on: bool) {
        if on {
            self.put(name, "yes");
        }
    }

    pub(crate) fn put_date(&mut self, name: &str, at: Option<Timestamp>) {
        self.put(name, at.map(day).unwrap_or_default());
    }

    /// A whole number within bounds; what is none is told.
    pub(crate) fn number(
        &self,
        name: &'static str,
        bounds: (i64, i64),
        wrong: &mut Vec<Wrong>,
    ) -> Option<i64> {
        let (least, most) = bounds;
        let number = self.one(name).parse().ok().filter(|number| (least..=most).contains(number));
        if number.is_none() {
            wrong.push(Wrong::new(name, "policy-wrong-number", format!("{least}–{most}")));
        }
        number
    }

    /// The same, where nothing typed is nothing.
    pub(crate) fn number_or_none(
        &self,
        name: &'static str,
        bounds: (i64, i64),
        wrong: &mut Vec<Wrong>,
    ) -> Option<i64> {
        if self.one(name).is_empty() { None } else { self.number(name, bounds, wrong) }
    }

    /// The beginning of a day (UTC); nothing typed is nothing.
    pub(crate) fn date(&self, name: &'static str, wrong: &mut Vec<Wrong>) -> Option<Timestamp> {
        let typed = self.one(name);
        if typed.is_empty() {
            return None;
        }
        let at = parse_day(typed);
        if at.is_none() {
            wrong.push(Wrong::new(name, "policy-wrong-date", typed));
        }
        at
    }
}

/// The day of a moment (UTC), as `<input type="date">` has it.
pub(crate) fn day(at: Timestamp) -> String {
    at.to_string().chars().take(10).collect()
}

/// The beginning of that day.
pub(crate) fn parse_day(text: &str) -> Option<Timestamp> {
    let plausible = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    Timestamp::parse_rfc3339(&format!("{text}T00:00:00Z")).ok().filter(|_| plausible)
}
