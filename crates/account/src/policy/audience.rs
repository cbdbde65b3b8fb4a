//! For whom something holds.

use crate::group::GroupId;

/// Everybody, nobody, or the members of groups; who is in an excluded group is out, whatever else they are in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Audience {
    /// It is off.
    Nobody,
    /// It is on for everybody else than members of these groups.
    Everybody {
        /// The excluded groups.
        except: Vec<GroupId>,
    },
    /// It is on for members of at least one of these groups.
    Groups {
        /// The groups.
        of: Vec<GroupId>,
        /// The excluded groups.
        except: Vec<GroupId>,
    },
}

impl Audience {
    /// Everybody without an exception.
    pub fn everybody() -> Self {
        Audience::Everybody { except: Vec::new() }
    }

    /// Everybody or nobody.
    pub fn all(on: bool) -> Self {
        if on { Self::everybody() } else { Audience::Nobody }
    }

    /// Whether somebody who is in `groups` is in it.
    pub fn has(&self, groups: &[GroupId]) -> bool {
        let any = |of: &[GroupId]| groups.iter().any(|group| of.contains(group));
        match self {
            Audience::Nobody => false,
            Audience::Everybody { except } => !any(except),
            Audience::Groups { of, except } => any(of) && !any(except),
        }
    }

    /// Whether nobody can be in it.
    pub fn is_nobody(&self) -> bool {
        match self {
            Audience::Nobody => true,
            Audience::Everybody { .. } => false,
            Audience::Groups { of, .. } => of.is_empty(),
        }
    }

    /// The groups that it leaves out.
    pub fn excluded(&self) -> &[GroupId] {
        match self {
            Audience::Nobody => &[],
            Audience::Everybody { except } | Audience::Groups { except, .. } => except,
        }
    }

    /// The groups that it names.
    pub fn groups(&self) -> impl Iterator<Item = GroupId> {
        let (of, except): (&[GroupId], &[GroupId]) = match self {
            Audience::Nobody => (&[], &[]),
            Audience::Everybody { except } => (&[], except),
            Audience::Groups { of, except } => (of, except),
        };
        of.iter().chain(except).copied()
    }
}
