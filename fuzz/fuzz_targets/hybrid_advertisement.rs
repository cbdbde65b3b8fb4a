#![no_main]
#![expect(missing_docs, reason = "the check of the same name has them")]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::hybrid_advertisement(data));
