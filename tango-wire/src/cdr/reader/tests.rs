use super::super::Writer;
use super::*;
use proptest::prelude::*;

const ORDERS: [ByteOrder; 2] = [ByteOrder::Little, ByteOrder::Big];

fn written(order: ByteOrder, write: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut writer = Writer::new(order);
    write(&mut writer);
    writer.finish().unwrap()
}

#[test]
fn numbers_are_aligned_to_their_size_and_read_back_in_both_orders() {
    for order in ORDERS {
        let octets = written(order, |writer| {
            writer.u8(7);
            writer.u16(0x0102);
            writer.u8(1);
            writer.i32(-2);
            writer.f64(2.5);
            writer.bool(true);
            writer.i64(i64::MIN);
        });
        assert_eq!(octets.len(), 1 + 1 + 2 + 1 + 3 + 4 + 4 + 8 + 1 + 7 + 8);
        let mut reader = Reader::new(&octets, order);
        assert_eq!(reader.u8().unwrap(), 7);
        assert_eq!(reader.u16().unwrap(), 0x0102);
        assert_eq!(reader.u8().unwrap(), 1);
        assert_eq!(reader.i32().unwrap(), -2);
        assert_eq!(reader.f64().unwrap(), 2.5);
        assert!(reader.bool().unwrap());
        assert_eq!(reader.i64().unwrap(), i64::MIN);
        assert_eq!(reader.remaining(), 0);
    }
}

#[test]
fn a_string_has_its_length_with_the_nul() {
    let octets = written(ByteOrder::Little, |writer| {
        writer.string("");
        writer.string("obsState");
    });
    assert_eq!(octets, b"\x01\0\0\0\0\0\0\0\x09\0\0\0obsState\0");
}

#[test]
fn strings_are_read_as_utf_8_first_and_latin_1_otherwise() {
    let utf8 = [3, 0, 0, 0, 0xc3, 0xb6, 0];
    assert_eq!(Reader::new(&utf8, ByteOrder::Little).string().unwrap(), "ö");
    let latin1 = [2, 0, 0, 0, 0xf6, 0];
    assert_eq!(
        Reader::new(&latin1, ByteOrder::Little).string().unwrap(),
        "ö"
    );
    assert_eq!(
        written(ByteOrder::Little, |writer| writer.string("ö")),
        latin1
    );
}

#[test]
fn a_string_that_can_not_be_sent_is_refused() {
    for (text, error) in [
        ("5 €", CdrError::NotLatin1 { character: '€' }),
        ("a\0b", CdrError::NulInString),
        ("é\0", CdrError::NulInString),
    ] {
        let mut writer = Writer::new(ByteOrder::Little);
        writer.string(text);
        writer.string("fine");
        assert_eq!(writer.finish(), Err(error));
    }
}

#[test]
fn a_string_without_nul_and_a_count_beyond_the_end_are_errors() {
    let mut reader = Reader::new(b"\x02\0\0\0ab", ByteOrder::Little);
    assert_eq!(reader.string(), Err(CdrError::MissingTerminator));
    let huge = [0xff; 8];
    let mut reader = Reader::new(&huge, ByteOrder::Little);
    let error = CdrError::SequenceTooLong {
        count: 0xffff_ffff,
        remaining: 4,
    };
    assert_eq!(reader.f64s(), Err(error.clone()));
    let mut reader = Reader::new(&huge, ByteOrder::Little);
    assert_eq!(reader.strings(), Err(error));
}

#[test]
fn an_encapsulation_starts_its_own_alignment_and_order() {
    let octets = written(ByteOrder::Little, |writer| {
        writer.u8(0);
        writer.encapsulation(|inner| {
            inner.u16(3); // at 2 from the flag octet
            inner.encapsulation(|innermost| innermost.f64(1.0));
        });
        writer.u32(9);
    });
    let mut reader = Reader::new(&octets, ByteOrder::Little);
    reader.u8().unwrap();
    let mut inner = reader.encapsulation().unwrap();
    assert_eq!(inner.u16().unwrap(), 3);
    assert_eq!(inner.encapsulation().unwrap().f64().unwrap(), 1.0);
    assert_eq!(reader.u32().unwrap(), 9);
    let big = [0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 5];
    let mut inner = Reader::new(&big, ByteOrder::Big).encapsulation().unwrap();
    assert_eq!(inner.u32().unwrap(), 5);
}

#[test]
fn a_prefix_is_not_counted_by_alignment() {
    let mut writer = Writer::with_prefix(ByteOrder::Little, &[0xc0, 0xde, 0xc0, 0xde]);
    writer.f64(1.0);
    let octets = writer.finish().unwrap();
    assert_eq!(octets.len(), 12);
    let mut reader = Reader::new(&octets, ByteOrder::Little);
    reader.rebase(4).unwrap();
    assert_eq!(reader.f64().unwrap(), 1.0);
}

#[test]
fn a_list_takes_no_more_memory_than_its_items() {
    // the smallest strings: four octets each on their way, more when they are here
    let octets = written(ByteOrder::Little, |writer| {
        writer.count(1000);
        writer.raw(&[0; 4000]);
    });
    let strings = Reader::new(&octets, ByteOrder::Little).strings().unwrap();
    assert_eq!(strings.len(), 1000);
    assert!(strings.capacity() < 1050, "{}", strings.capacity());
}

proptest! {
    #[test]
    fn sequences_come_back(doubles: Vec<f64>, shorts: Vec<i16>, flags: Vec<bool>, big: bool) {
        let order = if big { ByteOrder::Big } else { ByteOrder::Little };
        let octets = written(order, |writer| {
            writer.i16s(&shorts);
            writer.f64s(&doubles);
            writer.bools(&flags);
        });
        let mut reader = Reader::new(&octets, order);
        prop_assert_eq!(reader.i16s().unwrap(), shorts);
        let read = reader.f64s().unwrap();
        prop_assert!(read.iter().map(|x| x.to_bits()).eq(doubles.iter().map(|x| x.to_bits())));
        prop_assert_eq!(reader.bools().unwrap(), flags);
        prop_assert_eq!(reader.remaining(), 0);
    }

    #[test]
    fn ascii_strings_come_back(texts in proptest::collection::vec("[ -~]{0,20}", 0..8)) {
        let octets = written(ByteOrder::Little, |writer| writer.strings(&texts));
        prop_assert_eq!(Reader::new(&octets, ByteOrder::Little).strings().unwrap(), texts);
    }

    #[test]
    fn any_octets_are_read_without_panic(octets: Vec<u8>, steps: Vec<u8>) {
        let mut reader = Reader::new(&octets, ByteOrder::from_flag(octets.len() as u8));
        for step in steps {
            match step % 12 {
                0 => drop(reader.u8()),
                1 => drop(reader.u16()),
                2 => drop(reader.u32()),
                3 => drop(reader.f64()),
                4 => drop(reader.string()),
                5 => drop(reader.strings()),
                6 => drop(reader.f64s()),
                7 => drop(reader.bools()),
                8 => drop(reader.encapsulation().map(|mut inner| inner.u64())),
                9 => drop(reader.rebase(1)),
                10 => drop(reader.sequence(0, Reader::u8)),
                _ => drop(reader.bytes()),
            }
        }
    }
}
