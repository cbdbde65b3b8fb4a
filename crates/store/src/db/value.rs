//! The three types of value that both databases share, and rows of them.

use primitives::id::Id;
use primitives::time::Timestamp;

use crate::error::StoreError;

/// A value bound to a statement: bytes, integer, text, or nothing.
#[derive(Clone, Copy, Debug)]
pub enum Param<'a> {
    /// SQL NULL.
    Null,
    /// A 64-bit integer; times are microseconds, truths are 0 and 1.
    Integer(i64),
    /// UTF-8 text.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
}

impl Param<'_> {
    /// The same value, owned.
    pub fn to_value(&self) -> Value {
        match *self {
            Param::Null => Value::Null,
            Param::Integer(value) => Value::Integer(value),
            Param::Text(value) => Value::Text(value.to_owned()),
            Param::Bytes(value) => Value::Bytes(value.to_vec()),
        }
    }
}

impl From<i64> for Param<'_> {
    fn from(value: i64) -> Self {
        Param::Integer(value)
    }
}
impl From<u32> for Param<'_> {
    fn from(value: u32) -> Self {
        Param::Integer(i64::from(value))
    }
}
impl From<bool> for Param<'_> {
    fn from(value: bool) -> Self {
        Param::Integer(i64::from(value))
    }
}
impl From<Timestamp> for Param<'_> {
    fn from(value: Timestamp) -> Self {
        Param::Integer(value.micros())
    }
}
impl<'a> From<&'a str> for Param<'a> {
    fn from(value: &'a str) -> Self {
        Param::Text(value)
    }
}
impl<'a> From<&'a String> for Param<'a> {
    fn from(value: &'a String) -> Self {
        Param::Text(value)
    }
}
impl<'a> From<&'a [u8]> for Param<'a> {
    fn from(value: &'a [u8]) -> Self {
        Param::Bytes(value)
    }
}
impl<'a> From<&'a Vec<u8>> for Param<'a> {
    fn from(value: &'a Vec<u8>) -> Self {
        Param::Bytes(value)
    }
}
impl<'a, const N: usize> From<&'a [u8; N]> for Param<'a> {
    fn from(value: &'a [u8; N]) -> Self {
        Param::Bytes(value)
    }
}
impl<'a, T> From<&'a Id<T>> for Param<'a> {
    fn from(value: &'a Id<T>) -> Self {
        Param::Bytes(value.as_bytes())
    }
}
impl<'a, V: Into<Param<'a>>> From<Option<V>> for Param<'a> {
    fn from(value: Option<V>) -> Self {
        value.map_or(Param::Null, Into::into)
    }
}

/// A value as it came from the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// SQL NULL.
    Null,
    /// A 64-bit integer.
    Integer(i64),
    /// UTF-8 text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl Value {
    /// The same value as a parameter.
    pub fn param(&self) -> Param<'_> {
        match self {
            Value::Null => Param::Null,
            Value::Integer(value) => Param::Integer(*value),
            Value::Text(value) => Param::Text(value),
            Value::Bytes(value) => Param::Bytes(value),
        }
    }
}

/// One row of a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row(pub Vec<Value>);

impl Row {
    /// Reads the columns from left to right as those of `table`.
    pub fn columns(self, table: &'static str) -> Columns {
        Columns { table, values: self.0.into_iter(), column: 0 }
    }
}

/// Reads a row from left to right. What does not fit its column is [`StoreError::Inconsistent`].
pub struct Columns {
    table: &'static str,
    values: std::vec::IntoIter<Value>,
    column: usize,
}

impl Columns {
    fn next(&mut self) -> Value {
        self.column = self.column.saturating_add(1);
        self.values.next().unwrap_or(Value::Null)
    }

    /// The error for the column that was read last.
    pub fn bad(&self) -> StoreError {
        StoreError::Inconsistent { table: self.table, column: self.column.saturating_sub(1) }
    }

    /// The next column, if it is not NULL, as what `parse` makes of the integer.
    pub fn optional_integer(&mut self) -> Result<Option<i64>, StoreError> {
        match self.next() {
            Value::Null => Ok(None),
            Value::Integer(value) => Ok(Some(value)),
            _ => Err(self.bad()),
        }
    }
    /// The next column as an integer.
    pub fn integer(&mut self) -> Result<i64, StoreError> {
        self.optional_integer()?.ok_or_else(|| self.bad())
    }
    /// The next column as an integer that fits 32 bits without sign.
    pub fn count(&mut self) -> Result<u32, StoreError> {
        u32::try_from(self.integer()?).map_err(|_| self.bad())
    }
    /// The next column as a truth: 0 or 1.
    pub fn truth(&mut self) -> Result<bool, StoreError> {
        match self.integer()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(self.bad()),
        }
    }
    /// The next column as a time.
    pub fn time(&mut self) -> Result<Timestamp, StoreError> {
        self.integer().map(Timestamp::from_micros)
    }
    /// The next column as a time or NULL.
    pub fn optional_time(&mut self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.optional_integer()?.map(Timestamp::from_micros))
    }
    /// The next column as text or NULL.
    pub fn optional_text(&mut self) -> Result<Option<String>, StoreError> {
        match self.next() {
            Value::Null => Ok(None),
            Value::Text(value) => Ok(Some(value)),
            _ => Err(self.bad()),
        }
    }
    /// The next column as text.
    pub fn text(&mut self) -> Result<String, StoreError> {
        self.optional_text()?.ok_or_else(|| self.bad())
    }
    /// The next column as bytes or NULL.
    pub fn optional_bytes(&mut self) -> Result<Option<Vec<u8>>, StoreError> {
        match self.next() {
            Value::Null => Ok(None),
            Value::Bytes(value) => Ok(Some(value)),
            _ => Err(self.bad()),
        }
    }
    /// The next column as bytes.
    pub fn bytes(&mut self) -> Result<Vec<u8>, StoreError> {
        self.optional_bytes()?.ok_or_else(|| self.bad())
    }
    /// The next column as exactly `N` bytes.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], StoreError> {
        self.bytes()?.try_into().map_err(|_| self.bad())
    }
    /// The next column as an id.
    pub fn id<T>(&mut self) -> Result<Id<T>, StoreError> {
        self.array().map(Id::from_bytes)
    }
    /// The next column as an id or NULL.
    pub fn optional_id<T>(&mut self) -> Result<Option<Id<T>>, StoreError> {
        match self.optional_bytes()? {
            None => Ok(None),
            Some(bytes) => Id::from_slice(&bytes).map(Some).ok_or_else(|| self.bad()),
        }
    }
    /// The next column as what `parse` makes of its text.
    pub fn word<T>(&mut self, parse: impl FnOnce(&str) -> Option<T>) -> Result<T, StoreError> {
        parse(&self.text()?).ok_or_else(|| self.bad())
    }
}
