//! Small dense matrices: Cholesky factor, solution and inverse of a symmetric positive definite
//! matrix.

/// A square matrix, row by row.
pub(super) type Matrix<const N: usize> = [[f64; N]; N];

/// Returns the lower triangular factor L with L L' = `matrix`; `None` unless it is positive
/// definite.
pub(super) fn cholesky<const N: usize>(matrix: &Matrix<N>) -> Option<Matrix<N>> {
    let mut lower = [[0.0; N]; N];
    for row in 0..N {
        for column in 0..=row {
            let known: f64 = (0..column).map(|i| lower[row][i] * lower[column][i]).sum();
            let rest = matrix[row][column] - known;
            if row == column {
                // `<=` alone would let NaN pass.
                if rest.is_nan() || rest <= 0.0 {
                    return None;
                }
                lower[row][row] = rest.sqrt();
            } else {
                lower[row][column] = rest / lower[column][column];
            }
        }
    }
    Some(lower)
}

/// Returns the inverse of a symmetric positive definite matrix, or `None` if it is not one.
pub(super) fn inverse<const N: usize>(matrix: &Matrix<N>) -> Option<Matrix<N>> {
    let lower = cholesky(matrix)?;
    let mut result = [[0.0; N]; N];
    for column in 0..N {
        let mut y = [0.0; N];
        for row in 0..N {
            let known: f64 = (0..row).map(|i| lower[row][i] * y[i]).sum();
            y[row] = (f64::from(u8::from(row == column)) - known) / lower[row][row];
        }
        for row in (0..N).rev() {
            let known: f64 = (row + 1..N)
                .map(|i| lower[i][row] * result[i][column])
                .sum();
            result[row][column] = (y[row] - known) / lower[row][row];
        }
    }
    Some(result)
}

/// Returns the product of `matrix` and `vector`.
pub(super) fn product<const N: usize>(matrix: &Matrix<N>, vector: &[f64; N]) -> [f64; N] {
    std::array::from_fn(|row| dot(&matrix[row], vector))
}

/// Returns the sum of the products of two vectors' elements.
pub(super) fn dot<const N: usize>(left: &[f64; N], right: &[f64; N]) -> f64 {
    left.iter().zip(right).map(|(l, r)| l * r).sum()
}

/// Returns J M J', the covariance of linear combinations J of quantities with covariance M.
pub(super) fn congruence<const N: usize>(jacobian: &Matrix<N>, matrix: &Matrix<N>) -> Matrix<N> {
    std::array::from_fn(|row| {
        let left: [f64; N] =
            std::array::from_fn(|i| (0..N).map(|l| jacobian[row][l] * matrix[l][i]).sum());
        std::array::from_fn(|column| dot(&left, &jacobian[column]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inverse_times_matrix_is_one() {
        let matrix = [[4.0, 2.0, 0.6], [2.0, 5.0, -1.0], [0.6, -1.0, 3.0]];
        let inverse = inverse(&matrix).unwrap();
        for row in 0..3 {
            for column in 0..3 {
                let found: f64 = (0..3).map(|i| inverse[row][i] * matrix[i][column]).sum();
                assert!((found - f64::from(u8::from(row == column))).abs() < 1e-14);
            }
        }
    }

    #[test]
    fn a_matrix_that_is_not_positive_definite_is_refused() {
        assert!(cholesky(&[[1.0, 2.0], [2.0, 1.0]]).is_none());
        assert!(cholesky(&[[f64::NAN, 0.0], [0.0, 1.0]]).is_none());
    }
}
