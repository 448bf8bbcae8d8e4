//! How much there is to see in a frame: how widely its brightness is spread. Black, white and a fade have next to none.

/// Standard deviation of the brightness, 0 to 127.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub(crate) struct Detail(f64);

/// Below this a frame is a fade, a title card at most.
const ENOUGH: f64 = 12.0;
/// Most scenes have this.
const PLENTY: f64 = 40.0;

impl Detail {
    /// Of a plane of brightness: rows of `width` bytes, `stride` bytes apart.
    pub(crate) fn of(plane: &[u8], width: usize, stride: usize) -> Self {
        let (mut count, mut sum, mut squares) = (0u64, 0u64, 0u64);
        for row in plane.chunks(stride.max(1)) {
            for value in row.iter().take(width) {
                let value = u64::from(*value);
                (count, sum, squares) = (count + 1, sum + value, squares + value * value);
            }
        }
        let count = count.max(1) as f64;
        let mean = sum as f64 / count;
        Self((squares as f64 / count - mean * mean).max(0.0).sqrt())
    }

    /// It would do.
    pub(crate) fn is_enough(self) -> bool {
        self.0 >= ENOUGH
    }

    /// No better one need be looked for.
    pub(crate) fn is_plenty(self) -> bool {
        self.0 >= PLENTY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_brightness_has_no_detail_and_stripes_have_plenty() {
        assert_eq!(Detail::of(&[16; 64], 8, 8), Detail(0.0), "black shows nothing");
        assert_eq!(Detail::of(&[235; 64], 8, 8), Detail(0.0), "white neither");
        let stripes: Vec<u8> = (0..64).map(|at| if at % 2 == 0 { 16 } else { 235 }).collect();
        assert!(Detail::of(&stripes, 8, 8).is_plenty(), "stripes are the most there is");
    }

    #[test]
    fn what_pads_a_row_is_no_part_of_the_picture() {
        let rows = [[50, 50, 0, 255], [50, 50, 255, 0]].concat();
        assert_eq!(Detail::of(&rows, 2, 4), Detail(0.0), "padding holds whatever was there before");
        assert_eq!(Detail::of(&[], 0, 0), Detail(0.0), "no picture, no detail, no division by nothing");
    }
}
