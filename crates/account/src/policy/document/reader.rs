//! A table of TOML from which keys are taken until none is left.

use primitives::time::{Span, Timestamp};
use toml::{Table, Value};

use super::DocumentRefusal;

/// A table, and where it stands in the document.
pub(super) struct Reader {
    path: String,
    table: Table,
}

type Read<T> = Result<T, DocumentRefusal>;

impl Reader {
    pub(super) fn root(table: Table) -> Self {
        Self { path: String::new(), table }
    }

    /// A key of this table as the whole document calls it.
    pub(super) fn key(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// Whoever has taken all that is known ends here: a key that is left is one that nobody knows.
    pub(super) fn finish(self) -> Read<()> {
        match self.table.keys().next() {
            Some(key) => Err(DocumentRefusal::UnknownKey(self.key(key))),
            None => Ok(()),
        }
    }

    pub(super) fn value(&mut self, key: &str) -> Option<Value> {
        self.table.remove(key)
    }

    /// The table of that key; an empty one where there is none.
    pub(super) fn table(&mut self, key: &str) -> Read<Reader> {
        let path = self.key(key);
        match self.value(key) {
            None => Ok(Reader { path, table: Table::new() }),
            Some(Value::Table(table)) => Ok(Reader { path, table }),
            Some(_) => Err(DocumentRefusal::Type(path)),
        }
    }

    /// The tables of that key, at most `most`; absent where there is no such key.
    pub(super) fn tables(&mut self, key: &str, most: usize) -> Read<Option<Vec<Reader>>> {
        let path = self.key(key);
        let tables = match self.value(key) {
            None => return Ok(None),
            Some(Value::Array(tables)) => tables,
            Some(_) => return Err(DocumentRefusal::Type(path)),
        };
        if tables.len() > most {
            return Err(DocumentRefusal::TooMany(path));
        }
        let reader = |(at, table)| match table {
            Value::Table(table) => Ok(Reader { path: format!("{path}[{at}]"), table }),
            _ => Err(DocumentRefusal::Type(path.clone())),
        };
        tables.into_iter().enumerate().map(reader).collect::<Read<_>>().map(Some)
    }

    pub(super) fn text(&mut self, key: &str) -> Read<Option<String>> {
        match self.value(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(DocumentRefusal::Type(self.key(key))),
        }
    }

    pub(super) fn flag(&mut self, key: &str, into: &mut bool) -> Read<()> {
        match self.value(key) {
            None => {}
            Some(Value::Boolean(flag)) => *into = flag,
            Some(_) => return Err(DocumentRefusal::Type(self.key(key))),
        }
        Ok(())
    }

    /// A whole number from `least` to `most`.
    pub(super) fn number<N>(&mut self, key: &str, (least, most): (N, N)) -> Read<Option<N>>
    where
        N: TryFrom<i64> + PartialOrd,
    {
        let number = match self.value(key) {
            None => return Ok(None),
            Some(Value::Integer(number)) => N::try_from(number).ok(),
            Some(_) => return Err(DocumentRefusal::Type(self.key(key))),
        };
        let within = number.filter(|number| *number >= least && *number <= most);
        within.map(Some).ok_or_else(|| DocumentRefusal::Range(self.key(key)))
    }

    /// A length of time from `least` to `most`.
    pub(super) fn span(&mut self, key: &str, (least, most): (Span, Span), into: &mut Span) -> Read<()> {
        let Some(text) = self.text(key)? else { return Ok(()) };
        let span: Span = text.parse().map_err(|_| DocumentRefusal::Value(self.key(key)))?;
        if span < least || span > most {
            return Err(DocumentRefusal::Range(self.key(key)));
        }
        *into = span;
        Ok(())
    }

    /// A point in time, as a text or as TOML writes it itself.
    pub(super) fn time(&mut self, key: &str) -> Read<Option<Timestamp>> {
        let text = match self.value(key) {
            None => return Ok(None),
            Some(Value::String(text)) => text,
            Some(Value::Datetime(time)) => time.to_string(),
            Some(_) => return Err(DocumentRefusal::Type(self.key(key))),
        };
        match Timestamp::parse_rfc3339(&text) {
            Ok(time) => Ok(Some(Timestamp::from_secs(time.secs()))),
            Err(_) => Err(DocumentRefusal::Value(self.key(key))),
        }
    }

    /// A word that `read` knows.
    pub(super) fn word<T>(&mut self, key: &str, read: impl Fn(&str) -> Option<T>) -> Read<Option<T>> {
        let Some(text) = self.text(key)? else { return Ok(None) };
        read(&text).map(Some).ok_or_else(|| DocumentRefusal::Value(self.key(key)))
    }

    /// A list of at most `most` texts.
    pub(super) fn texts(&mut self, key: &str, most: usize) -> Read<Option<Vec<String>>> {
        let value = self.value(key);
        value.map(|value| self.texts_of(key, value, most)).transpose()
    }

    pub(super) fn texts_of(&self, key: &str, value: Value, most: usize) -> Read<Vec<String>> {
        let Value::Array(items) = value else {
            return Err(DocumentRefusal::Type(self.key(key)));
        };
        if items.len() > most {
            return Err(DocumentRefusal::TooMany(self.key(key)));
        }
        let text = |item| match item {
            Value::String(text) => Ok(text),
            _ => Err(DocumentRefusal::Type(self.key(key))),
        };
        items.into_iter().map(text).collect()
    }

    /// A list of at most `most` words that `read` knows.
    pub(super) fn words<T>(
        &mut self,
        key: &str,
        most: usize,
        read: impl Fn(&str) -> Option<T>,
    ) -> Read<Option<Vec<T>>> {
        let Some(texts) = self.texts(key, most)? else { return Ok(None) };
        let word = |text: &String| read(text).ok_or_else(|| DocumentRefusal::Value(self.key(key)));
        texts.iter().map(word).collect::<Read<_>>().map(Some)
    }
}
