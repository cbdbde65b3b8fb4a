//! Forms of the console as data: fields with their words, drawn by one template.

use crate::policy_form::{Fields, Wrong};
use crate::text::Text;

/// One value of a field that is chosen instead of typed.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The field's name.
    pub name: &'static str,
    /// The value.
    pub value: String,
    /// What it is called.
    pub label: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

impl Choice {
    /// A value and its words.
    pub fn new(name: &'static str, value: &str, label: String, chosen: bool) -> Self {
        Self { name, value: value.to_owned(), label, chosen }
    }
}

/// How a field is filled in.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Words between fields.
    Heading,
    /// One of several.
    Radios(Vec<Choice>),
    /// Any of several.
    Boxes(Vec<Choice>),
    /// One of many.
    Select(Vec<Choice>),
    /// A whole number from … to.
    Number(String, (i64, i64)),
    /// A day.
    Date(String),
    /// A line, with names to choose from where the page has such a list.
    Line(String, Option<&'static str>),
    /// Several lines.
    Area(String),
}

/// A field.
#[derive(Clone, Debug)]
pub struct Control {
    /// Its name, also the id.
    pub name: &'static str,
    /// What is asked.
    pub label: String,
    /// What helps to answer.
    pub hint: Option<String>,
    /// What is wrong with the answer.
    pub wrong: Option<String>,
    /// How it is filled in.
    pub kind: Kind,
}

impl Control {
    fn new(text: Text, name: &'static str, key: &str, kind: Kind) -> Self {
        Self { name, label: text.say(key).to_string(), hint: None, wrong: None, kind }
    }

    /// Words between fields.
    pub fn heading(text: Text, key: &'static str) -> Self {
        Self::new(text, key, key, Kind::Heading)
    }

    /// One of several.
    pub fn radios(text: Text, name: &'static str, key: &str, options: Vec<Choice>) -> Self {
        Self::new(text, name, key, Kind::Radios(options))
    }

    /// Any of several.
    pub fn boxes(text: Text, name: &'static str, key: &str, options: Vec<Choice>) -> Self {
        Self::new(text, name, key, Kind::Boxes(options))
    }

    /// Things that are so or not, each a field of its own; problems are told at the first.
    pub(crate) fn flags(
        text: Text,
        key: &'static str,
        flags: &[(&'static str, &'static str)],
        fields: &Fields,
    ) -> Self {
        let options = flags
            .iter()
            .map(|(name, label)| Choice::new(name, "yes", text.say(label).to_string(), fields.flag(name)));
        let first = flags.first().map_or(key, |(name, _)| name);
        Self::new(text, first, key, Kind::Boxes(options.collect()))
    }

    /// One of many.
    pub fn select(text: Text, name: &'static str, key: &str, options: Vec<Choice>) -> Self {
        Self::new(text, name, key, Kind::Select(options))
    }

    /// A whole number.
    pub fn number(text: Text, name: &'static str, key: &str, typed: &str, bounds: (i64, i64)) -> Self {
        Self::new(text, name, key, Kind::Number(typed.to_owned(), bounds))
    }

    /// A day.
    pub fn date(text: Text, name: &'static str, key: &str, typed: &str) -> Self {
        Self::new(text, name, key, Kind::Date(typed.to_owned()))
    }

    /// A line.
    pub fn line(text: Text, name: &'static str, key: &str, typed: &str) -> Self {
        Self::new(text, name, key, Kind::Line(typed.to_owned(), None))
    }

    /// Several lines.
    pub fn area(text: Text, name: &'static str, key: &str, typed: &str) -> Self {
        Self::new(text, name, key, Kind::Area(typed.to_owned()))
    }

    /// With names to choose from, which the page holds under that id.
    #[must_use]
    pub fn listed(mut self, list: &'static str) -> Self {
        if let Kind::Line(_, names) = &mut self.kind {
            *names = Some(list);
        }
        self
    }

    /// With what helps to answer.
    #[must_use]
    pub fn hint(mut self, text: Text, key: &str) -> Self {
        self.hint = Some(text.say(key).to_string());
        self
    }

    /// With what of `wrong` is about it.
    #[must_use]
    pub(crate) fn wrong(mut self, text: Text, wrong: &[Wrong]) -> Self {
        let found = wrong.iter().find(|wrong| wrong.field == self.name);
        self.wrong = found.map(|wrong| text.say(wrong.key).with("value", &wrong.detail).to_string());
        self
    }

    fn described(&self) -> Option<String> {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.name));
        let wrong = self.wrong.as_ref().map(|_| format!("{}-wrong", self.name));
        let ids: Vec<String> = hint.into_iter().chain(wrong).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    /// The same for a group of fields, which is not invalid itself.
    pub(crate) fn aria_group(&self) -> crate::text::Html {
        let described =
            self.described().map(|ids| format!(" aria-describedby=\"{ids}\"")).unwrap_or_default();
        crate::text::Html::made(described)
    }

    /// The attributes that lead from the field to what is said about it.
    pub(crate) fn aria(&self) -> crate::text::Html {
        let described =
            self.described().map(|ids| format!(" aria-describedby=\"{ids}\"")).unwrap_or_default();
        let invalid = if self.wrong.is_some() { " aria-invalid=\"true\"" } else { "" };
        crate::text::Html::made(format!("{described}{invalid}"))
    }
}

/// How many of the fields are wrong.
pub(crate) fn problems(controls: &[Control]) -> usize {
    controls.iter().filter(|control| control.wrong.is_some()).count()
}
