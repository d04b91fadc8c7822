//! From strips to pages.

use super::mark::Strip;

/// A page: its size, and its strips with the place of each one's corner.
pub(super) struct Sheet {
    pub width: i32,
    pub height: i32,
    pub strips: Vec<(i32, i32, Strip)>,
}

/// The place on a page that strips may fill.
pub(super) struct Frame {
    pub width: i32,
    pub height: i32,
    pub margin: i32,
}

impl Frame {
    const fn room(&self) -> i32 {
        self.height - 2 * self.margin
    }

    /// Fills pages from top to bottom. The strips of a group stay together where a page has room for all of them; each
    /// further page begins with `again`.
    pub fn fill(&self, groups: Vec<Vec<Strip>>, again: &[Strip]) -> Vec<Sheet> {
        let mut pages = vec![self.sheet()];
        let (mut used, again_high) = (0, high(again));
        for group in groups {
            let together = high(&group);
            let fits_somewhere = again_high + together <= self.room();
            if used > 0 && used + together > self.room() && fits_somewhere {
                used = self.turn(&mut pages, again);
            }
            for strip in group {
                if used > again_high && used + strip.height > self.room() {
                    used = self.turn(&mut pages, again);
                }
                let high = strip.height;
                self.put(&mut pages, used, strip);
                used += high;
            }
        }
        pages
    }

    /// Begins another page; answers how much of it is used.
    fn turn(&self, pages: &mut Vec<Sheet>, again: &[Strip]) -> i32 {
        pages.push(self.sheet());
        let mut used = 0;
        for strip in again {
            self.put(pages, used, strip.clone());
            used += strip.height;
        }
        used
    }

    fn put(&self, pages: &mut [Sheet], used: i32, strip: Strip) {
        if let Some(page) = pages.last_mut() {
            page.strips.push((self.margin, self.margin + used, strip));
        }
    }

    const fn sheet(&self) -> Sheet {
        Sheet {
            width: self.width,
            height: self.height,
            strips: Vec::new(),
        }
    }
}

pub(super) fn high(strips: &[Strip]) -> i32 {
    strips.iter().map(|strip| strip.height).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Frame = Frame {
        width: 100,
        height: 120,
        margin: 10,
    };

    /// Where the strips of groups of these heights come to lie: page and height above the page's end.
    fn check(groups: &[&[i32]], again: &[i32], expected: &[&[i32]]) {
        let strips = |heights: &[i32]| heights.iter().copied().map(Strip::gap).collect::<Vec<_>>();
        let groups = groups.iter().map(|heights| strips(heights)).collect();
        let pages = FRAME.fill(groups, &strips(again));
        let found: Vec<Vec<i32>> = pages
            .iter()
            .map(|page| page.strips.iter().map(|(_, y, _)| *y).collect())
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn groups_stay_together_where_a_page_has_room_for_them() {
        check(&[&[40], &[40], &[20]], &[], &[&[10, 50, 90]]);
        check(&[&[40], &[40], &[20, 10]], &[5], &[&[10, 50], &[10, 15, 35]]);
        check(&[&[60, 60]], &[], &[&[10], &[10]]);
        check(&[&[10], &[60, 60]], &[5], &[&[10, 20], &[10, 15]]);
        check(&[&[500], &[10]], &[5], &[&[10], &[10, 15]]);
    }
}
