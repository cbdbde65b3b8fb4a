//! Reading the file.

/// Largest file in bytes.
pub const LARGEST: usize = 2 * 1024 * 1024;

/// Rows of one file at most.
pub const MOST_ROWS: usize = 10_000;

/// Longest field in bytes; what is longer is longer than any text may be.
const LONGEST_FIELD: usize = 8 * 1024;

/// What divides the names of several groups.
const BETWEEN_GROUPS: char = '|';

macro_rules! columns {
    ($($(#[$meta:meta])* $name:ident = $text:literal,)+) => {
        /// A column that a file may have.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Column { $($(#[$meta])* $name,)+ }

        impl Column {
            /// Every column.
            pub const ALL: &'static [Column] = &[$(Column::$name),+];

            /// Its name in the header.
            pub fn as_str(self) -> &'static str {
                match self { $(Column::$name => $text,)+ }
            }
        }
    };
}

columns! {
    /// What the person will type.
    Login = "login",
    /// The person's name.
    Name = "name",
    /// Where notices go.
    Email = "email",
    /// The groups, divided by `|`.
    Groups = "groups",
    /// The language, as a BCP 47 tag.
    Language = "language",
    /// The given name.
    GivenName = "given_name",
    /// The family name.
    FamilyName = "family_name",
    /// What the person does.
    Title = "title",
    /// Where in the organisation.
    Department = "department",
    /// The login of the manager.
    Manager = "manager",
    /// A private address.
    PrivateEmail = "private_email",
    /// What another system calls the person.
    ExternalId = "external_id",
}

/// Why a file as a whole is not what it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileRefusal {
    /// It is larger than [`LARGEST`].
    TooLarge,
    /// It is not UTF-8.
    NotText,
    /// It has no row.
    Empty,
    /// It has more than [`MOST_ROWS`].
    TooManyRows,
    /// It names a column that there is not.
    UnknownColumn(String),
    /// It names a column twice.
    ColumnTwice(&'static str),
    /// It lacks a column that it must have.
    ColumnMissing(&'static str),
    /// A row has more or fewer fields than the header, or a field that is far too long.
    Fields {
        /// The line of the row.
        line: u64,
    },
}

impl FileRefusal {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            FileRefusal::TooLarge => "file_too_large",
            FileRefusal::NotText => "file_not_utf8",
            FileRefusal::Empty => "file_empty",
            FileRefusal::TooManyRows => "file_too_many_rows",
            FileRefusal::UnknownColumn(_) => "column_unknown",
            FileRefusal::ColumnTwice(_) => "column_twice",
            FileRefusal::ColumnMissing(_) => "column_missing",
            FileRefusal::Fields { .. } => "file_fields",
        }
    }
}

/// A row as it stands there.
#[derive(Clone, Debug)]
pub(super) struct Record {
    /// The line on which it begins.
    pub(super) line: u64,
    fields: Vec<(Column, String)>,
}

impl Record {
    /// What stands in a column; nothing where it is empty.
    pub(super) fn get(&self, column: Column) -> Option<&str> {
        let found = self.fields.iter().find(|(other, _)| *other == column)?;
        Some(found.1.as_str())
    }

    /// The names of the groups.
    pub(super) fn groups(&self) -> impl Iterator<Item = &str> {
        let names = self.get(Column::Groups).unwrap_or_default().split(BETWEEN_GROUPS);
        names.map(str::trim).filter(|name| !name.is_empty())
    }
}

/// Reads the file.
pub(super) fn read(file: &[u8]) -> Result<Vec<Record>, FileRefusal> {
    if file.len() > LARGEST {
        return Err(FileRefusal::TooLarge);
    }
    let text = std::str::from_utf8(file).map_err(|_| FileRefusal::NotText)?;
    // Spreadsheets put a mark before it.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(text))
        .trim(csv::Trim::All)
        .flexible(true)
        .from_reader(text.as_bytes());
    let header = reader.headers().map_err(|_| FileRefusal::NotText)?.clone();
    let columns = columns(&header)?;
    let mut records = Vec::new();
    let mut lines = Lines { text, at: 0, line: 1 };
    for row in reader.records() {
        let row = row.map_err(|_| FileRefusal::NotText)?;
        let line = lines.of(row.position().map_or(0, csv::Position::byte));
        if row.iter().all(str::is_empty) {
            continue;
        }
        if records.len() == MOST_ROWS {
            return Err(FileRefusal::TooManyRows);
        }
        if row.len() != columns.len() || row.iter().any(|field| field.len() > LONGEST_FIELD) {
            return Err(FileRefusal::Fields { line });
        }
        let fields = columns.iter().zip(row.iter()).filter(|(_, field)| !field.is_empty());
        let fields = fields.map(|(column, field)| (*column, field.to_owned())).collect();
        records.push(Record { line, fields });
    }
    if records.is_empty() { Err(FileRefusal::Empty) } else { Ok(records) }
}

/// Counts lines up to where a row begins. The reader's own count takes the end of a line, and empty ones, for part of the row
/// behind them.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of the row that the reader says begins at that byte.
    fn of(&mut self, byte: u64) -> u64 {
        let from = usize::try_from(byte).unwrap_or(usize::MAX);
        let behind = self.text.as_bytes().get(from..).unwrap_or_default();
        let ends = behind.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let to = from.saturating_add(ends);
        let passed = self.text.as_bytes().get(self.at..to).unwrap_or_default();
        let new = passed.iter().filter(|byte| **byte == b'\n').count();
        self.line = self.line.saturating_add(u64::try_from(new).unwrap_or(u64::MAX));
        self.at = to;
        self.line
    }
}

/// A semicolon where the header holds one and no comma, as spreadsheets write where the comma stands in numbers.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    if header.contains(';') && !header.contains(',') { b';' } else { b',' }
}

fn columns(header: &csv::StringRecord) -> Result<Vec<Column>, FileRefusal> {
    if header.iter().all(str::is_empty) {
        return Err(FileRefusal::Empty);
    }
    let mut columns: Vec<Column> = Vec::new();
    for name in header {
        let folded = name.to_lowercase();
        let column = Column::ALL.iter().find(|column| column.as_str() == folded);
        let column = column.ok_or_else(|| FileRefusal::UnknownColumn(name.chars().take(60).collect()))?;
        if columns.contains(column) {
            return Err(FileRefusal::ColumnTwice(column.as_str()));
        }
        columns.push(*column);
    }
    for needed in [Column::Login, Column::Name] {
        if !columns.contains(&needed) {
            return Err(FileRefusal::ColumnMissing(needed.as_str()));
        }
    }
    Ok(columns)
}

#[cfg(test)]
mod tests;
