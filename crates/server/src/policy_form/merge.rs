//! Two people changed the same version: what each of them changed, and one policy of both.

use account::policy::Policy;

use super::Part;

/// Whose part is taken where both changed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    /// That of the version in force.
    Theirs,
    /// That of the draft.
    Yours,
}

/// A draft, what it was made from, and what is in force by now.
pub(crate) struct Merge<'a> {
    /// What both were made from.
    pub(crate) base: &'a Policy,
    /// What is in force.
    pub(crate) theirs: &'a Policy,
    /// The draft.
    pub(crate) yours: &'a Policy,
}

impl Merge<'_> {
    /// The parts that both changed, and not to the same.
    pub(crate) fn contested(&self) -> Vec<Part> {
        let contested = |part: &Part| {
            !part.same(self.base, self.theirs)
                && !part.same(self.base, self.yours)
                && !part.same(self.theirs, self.yours)
        };
        Part::ALL.into_iter().filter(contested).collect()
    }

    /// What is in force with what only the draft changed, and what `choose` says where both did.
    pub(crate) fn merged(&self, choose: impl Fn(Part) -> Choice) -> Policy {
        let contested = self.contested();
        let mut merged = self.theirs.clone();
        for part in Part::ALL {
            let yours = if contested.contains(&part) {
                choose(part) == Choice::Yours
            } else {
                !part.same(self.base, self.yours)
            };
            if yours {
                part.take(self.yours, &mut merged);
            }
        }
        merged
    }
}
