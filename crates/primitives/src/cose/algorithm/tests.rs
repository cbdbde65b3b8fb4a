use super::*;

#[test]
fn algorithms_have_their_registered_numbers() {
    for algorithm in Algorithm::ALL {
        assert_eq!(Algorithm::from_id(algorithm.id()), Some(algorithm));
    }
    let ids: Vec<i64> = Algorithm::ALL.iter().map(|algorithm| algorithm.id()).collect();
    assert_eq!(ids, [-7, -8, -35, -36, -257, -37, -48, -49, -50, -9, -19, -51, -52]);
    // ES256K, Ed448, RS1 and RS512 are not ours.
    for id in [-47, -53, -65535, -259] {
        assert_eq!(Algorithm::from_id(id), None);
    }
}
