//! Charts as SVG that the server draws. What they show stands in a table beside them as well, so they are left out of the
//! accessibility tree.

use std::fmt::Write as _;

use crate::pages::Shell;
use crate::text::Html;

/// One row of a table whose last cell is a bar.
#[derive(Clone, Debug)]
pub struct BarRow {
    /// What is counted.
    pub label: String,
    /// How much.
    pub value: i64,
    /// Where to read more.
    pub href: Option<String>,
}

/// A table with bars: the chart is in the table.
#[derive(Clone, Debug)]
pub struct Bars {
    /// Above it.
    pub caption: String,
    /// The heads of the two columns of text.
    pub heads: [String; 2],
    /// What a full bar means.
    pub whole: i64,
    /// From top to bottom.
    pub rows: Vec<BarRow>,
}

impl Bars {
    /// How many of a hundred a row is.
    pub fn share(&self, row: &BarRow) -> i64 {
        percent(row.value, self.whole)
    }

    /// The bar of a row.
    pub fn bar(&self, row: &BarRow) -> Html {
        let width = self.share(row).clamp(0, 100);
        Html::made(format!(
            "<svg class=\"bar\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\" \
             focusable=\"false\"><rect class=\"track\" width=\"100\" height=\"8\" rx=\"2\"/><rect class=\"full\" \
             width=\"{width}\" height=\"8\" rx=\"2\"/></svg>"
        ))
    }
}

/// How many of a hundred, rounded down; nothing of nothing.
pub fn percent(part: i64, whole: i64) -> i64 {
    part.saturating_mul(100).checked_div(whole).unwrap_or(0)
}

/// One column of a chart over time.
#[derive(Clone, Debug)]
pub struct Column {
    /// When it begins, in words.
    pub when: String,
    /// Who was let in.
    pub success: i64,
    /// Who was not.
    pub failure: i64,
}

/// Sign-ins over time.
#[derive(Clone, Debug)]
pub struct Columns {
    /// Above it.
    pub caption: String,
    /// From the oldest to the newest.
    pub columns: Vec<Column>,
}

/// Units of a column's width, and of the chart's height.
const WIDTH: i64 = 10;
const HEIGHT: i64 = 100;

impl Columns {
    /// The highest column.
    pub fn most(&self) -> i64 {
        self.columns.iter().map(|column| column.success.saturating_add(column.failure)).max().unwrap_or(0)
    }

    /// All of them together: let in, and not.
    pub fn sums(&self) -> [i64; 2] {
        let sum = |of: fn(&Column) -> i64| self.columns.iter().map(of).fold(0, i64::saturating_add);
        [sum(|column| column.success), sum(|column| column.failure)]
    }

    /// Whether there is nothing to draw.
    pub fn is_quiet(&self) -> bool {
        self.most() == 0
    }

    /// All of them together, in words.
    pub fn sum(&self, shell: &Shell) -> String {
        let [success, failure] = self.sums();
        shell.say("insight-chart-sum").count("success", &success).count("failure", &failure).to_string()
    }

    /// The drawing.
    pub fn svg(&self) -> Html {
        let count = i64::try_from(self.columns.len()).unwrap_or(1).max(1);
        let most = self.most().max(1);
        let mut svg = format!(
            "<svg class=\"chart\" viewBox=\"0 0 {} {HEIGHT}\" preserveAspectRatio=\"none\" aria-hidden=\"true\" \
             focusable=\"false\">",
            count.saturating_mul(WIDTH)
        );
        for (at, column) in (0_i64..).zip(&self.columns) {
            // Whatever happened can be seen, be it ever so little beside the rest.
            let height = |value: i64| match value.saturating_mul(HEIGHT).checked_div(most).unwrap_or(0) {
                0 if value > 0 => 1,
                height => height,
            };
            let (good, bad) = (height(column.success), height(column.failure));
            let (x, top) = (at.saturating_mul(WIDTH).saturating_add(1), HEIGHT.saturating_sub(good));
            // Writing to a string cannot fail.
            let _ = write!(
                svg,
                "<rect class=\"good\" x=\"{x}\" y=\"{top}\" width=\"8\" height=\"{good}\"/><rect class=\"bad\" \
                 x=\"{x}\" y=\"{}\" width=\"8\" height=\"{bad}\"/>",
                top.saturating_sub(bad)
            );
        }
        svg.push_str("</svg>");
        Html::made(svg)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_the_whole() {
        assert_eq!([percent(1, 3), percent(0, 0), percent(3, 3)], [33, 0, 100]);
    }

    #[test]
    fn what_is_little_is_seen_and_nothing_is_not() {
        let column = |success, failure| Column { when: String::new(), success, failure };
        let chart = Columns { caption: String::new(), columns: vec![column(1000, 1), column(0, 0)] };
        let svg = chart.svg().to_string();
        assert!(svg.contains("viewBox=\"0 0 20 100\"") && svg.contains("height=\"1\""), "{svg}");
        assert_eq!(svg.matches("height=\"0\"").count(), 2, "{svg}");
        assert_eq!(chart.sums(), [1000, 1]);
    }
}
