//! How Chinese names sound: finding and sorting them by pinyin.
//!
//! Characters of several readings sound as they do in the names of places and companies, by a table of words;
//! all others as the `pinyin` crate says first.

use pinyin::{ToPinyin as _, ToPinyinMulti as _};
use unicode_normalization::UnicodeNormalization as _;

use super::folded_id;
use crate::source::Cut as _;

/// Words whose reading is not the one met most often in running text, with tones, a syllable a
/// character. The first that fits is taken, so words stand before characters.
const WORDS: &[(&str, &str)] = &[
    ("重庆", "chong2 qing4"),
    ("厦门", "xia4 men2"),
    ("银行", "yin2 hang2"),
    ("行业", "hang2 ye4"),
    ("商行", "shang1 hang2"),
    ("会计", "kuai4 ji4"),
    ("会稽", "kuai4 ji1"),
    ("给水", "ji3 shui3"),
    ("音乐", "yin1 yue4"),
    // Prefectures and counties.
    ("番禺", "pan1 yu2"),
    ("蚌埠", "beng4 bu4"),
    ("六安", "lu4 an1"),
    ("六合", "lu4 he2"),
    ("单县", "shan4 xian4"),
    ("洪洞", "hong2 tong2"),
    ("乐清", "yue4 qing1"),
    ("乐亭", "lao4 ting2"),
    ("乐陵", "lao4 ling2"),
    ("曾都", "zeng1 du1"),
    ("台州", "tai1 zhou1"),
    ("天台", "tian1 tai1"),
    ("丽水", "li2 shui3"),
    ("宿州", "su4 zhou1"),
    ("宿迁", "su4 qian1"),
    ("宿松", "su4 song1"),
    ("亳州", "bo2 zhou1"),
    ("涡阳", "guo1 yang2"),
    ("歙县", "she4 xian4"),
    ("黟县", "yi1 xian4"),
    ("砀山", "dang4 shan1"),
    ("枞阳", "zong1 yang2"),
    ("浚县", "xun4 xian4"),
    ("中牟", "zhong1 mu4"),
    ("柘城", "zhe4 cheng2"),
    ("泌阳", "bi4 yang2"),
    ("荥阳", "xing2 yang2"),
    ("荥经", "ying2 jing1"),
    ("长子", "zhang3 zi3"),
    ("隰县", "xi2 xian4"),
    ("繁峙", "fan2 shi4"),
    ("东阿", "dong1 e1"),
    ("莘县", "shen1 xian4"),
    ("莘庄", "xin1 zhuang1"),
    ("无棣", "wu2 di4"),
    ("曲阜", "qu1 fu4"),
    ("曲阳", "qu3 yang2"),
    ("曲靖", "qu3 jing4"),
    ("曲江", "qu3 jiang1"),
    ("茌平", "chi2 ping2"),
    ("临朐", "lin2 qu2"),
    ("蔚县", "yu4 xian4"),
    ("大城", "dai4 cheng2"),
    ("井陉", "jing3 xing2"),
    ("任丘", "ren2 qiu1"),
    ("任县", "ren2 xian4"),
    ("铅山", "yan2 shan1"),
    ("弋阳", "yi4 yang2"),
    ("耒阳", "lei3 yang2"),
    ("汨罗", "mi4 luo2"),
    ("黄陂", "huang2 pi2"),
    ("监利", "jian4 li4"),
    ("秭归", "zi3 gui1"),
    ("十堰", "shi2 yan4"),
    ("大埔", "da4 bu4"),
    ("黄埔", "huang2 pu3"),
    ("东莞", "dong1 guan3"),
    ("犍为", "qian2 wei2"),
    ("郫县", "pi2 xian4"),
    ("筠连", "jun1 lian2"),
    ("什邡", "shi2 fang1"),
    ("阆中", "lang4 zhong1"),
    ("北碚", "bei3 bei4"),
    ("喀什", "ka1 shi2"),
    ("盱眙", "xu1 yi2"),
    ("邗江", "han2 jiang1"),
    ("邳州", "pi1 zhou1"),
    ("嵊州", "sheng4 zhou1"),
    ("诸暨", "zhu1 ji4"),
    ("朝阳", "chao2 yang2"),
    ("珲春", "hun2 chun1"),
    ("尉犁", "yu4 li2"),
    ("尉氏", "wei4 shi4"),
    ("宕昌", "tan4 chang1"),
    ("吴堡", "wu2 bu3"),
    ("柞水", "zha4 shui3"),
    ("华阴", "hua4 yin1"),
    ("华县", "hua4 xian4"),
    ("吐鲁番", "tu3 lu3 fan1"),
    ("内蒙古", "nei4 meng3 gu3"),
    ("蒙自", "meng2 zi4"),
    ("成都", "cheng2 du1"),
    ("新都", "xin1 du1"),
    ("牟平", "mu4 ping2"),
    ("浒墅关", "xu3 shu4 guan1"),
    ("浒关", "xu3 guan1"),
    ("渑池", "mian3 chi2"),
    // Characters as they mostly sound in names.
    ("长", "chang2"),
    ("都", "du1"),
    ("藏", "zang4"),
    ("佛", "fo2"),
];

/// How one character of a name sounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sound {
    /// A Chinese character: its syllable and tone, such as `chong2`, and the character.
    Han(&'static str, char),
    /// Any other character, itself.
    Other(char),
}

impl Sound {
    /// Returns the syllable without its tone.
    pub fn syllable(&self) -> Option<&'static str> {
        match self {
            Self::Han(sound, _) => Some(sound.trim_end_matches(|it: char| it.is_ascii_digit())),
            Self::Other(_) => None,
        }
    }

    /// Returns the tone, 1 to 4; 5 for none.
    fn tone(&self) -> char {
        let last = match self {
            Self::Han(sound, _) => sound.chars().next_back(),
            Self::Other(_) => None,
        };
        last.filter(char::is_ascii_digit).unwrap_or('5')
    }
}

/// Returns how each character of a text sounds, as it is written.
pub fn sounds(text: &str) -> Vec<Sound> {
    let mut sounds = Vec::new();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        if let Some((word, syllables)) = WORDS.iter().find(|it| rest.starts_with(it.0)) {
            let characters = word.chars().zip(syllables.split(' '));
            sounds.extend(characters.map(|(character, sound)| Sound::Han(sound, character)));
            rest = rest.cut(word.len()..);
            continue;
        }
        rest = rest.cut(character.len_utf8()..);
        let sound = character.to_pinyin();
        sounds.push(sound.map_or(Sound::Other(character), |it| {
            Sound::Han(it.with_tone_num_end(), character)
        }));
    }
    sounds
}

/// Returns the form of a text that sounds are taken of: width and case do not count.
fn folded(text: &str) -> String {
    folded_id(&text.nfkc().collect::<String>()).into_owned()
}

/// Returns a text by whose code points names sort by their reading: digits, then Latin letters, then Chinese
/// by syllable, tone and code point, then all others; of equal ones by their own code points.
pub fn sort_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len() * 3);
    for sound in sounds(&folded(text)) {
        match sound {
            Sound::Other(digit) if digit.is_ascii_digit() => key.extend(['\u{1}', digit]),
            Sound::Other(letter) if is_latin(letter) => key.extend(['\u{2}', letter]),
            Sound::Han(_, character) => {
                key.push('\u{3}');
                key.push_str(sound.syllable().unwrap_or_default());
                key.extend(['\u{0}', sound.tone(), character]);
            }
            Sound::Other(other) => key.extend(['\u{4}', other]),
        }
    }
    key.push('\u{0}');
    key.push_str(text);
    key
}

/// Tells whether a character in small letters is a Latin letter.
fn is_latin(character: char) -> bool {
    character.is_ascii_alphabetic()
        || character.is_alphabetic()
            && matches!(u32::from(character), 0xaa | 0xba | 0xc0..=0x24f | 0x1e00..=0x1eff)
}

/// How a word is compared with a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// With its syllables.
    Syllables,
    /// With the first letter of each.
    Initials,
}

/// The fewest characters of a word by which a reading is found.
const FEWEST: usize = 2;

/// A word that may be the beginning of a reading.
#[derive(Debug)]
pub struct Beginning(Vec<char>);

impl Beginning {
    /// Takes a word as it was typed; nothing where it is too short to say anything.
    pub fn of(word: &str) -> Option<Self> {
        let word = folded(word);
        let letters: Vec<char> = word.chars().filter(|it| !it.is_whitespace()).collect();
        (letters.len() >= FEWEST).then_some(Self(letters))
    }

    /// Tells whether it is the beginning of a name's reading, any reading of each character counting.
    pub fn begins(&self, name: &str, by: By) -> bool {
        let word = &self.0;
        // How much of the word the characters so far may have taken.
        let mut taken = vec![0];
        let name = folded(name);
        for sound in sounds(&name) {
            let character = match sound {
                Sound::Other(character) if character.is_whitespace() => continue,
                Sound::Other(character) | Sound::Han(_, character) => character,
            };
            let mut next = Vec::new();
            for reading in readings(character, sound.syllable()) {
                let reading = match by {
                    By::Syllables => reading.as_str(),
                    By::Initials => first_letter(&reading),
                };
                for &start in &taken {
                    let rest = word[start..].iter().copied();
                    let alike = reading
                        .chars()
                        .zip(rest)
                        .take_while(|(a, b)| a == b)
                        .count();
                    if start + alike == word.len() {
                        return true;
                    }
                    if alike == reading.chars().count() && !next.contains(&(start + alike)) {
                        next.push(start + alike);
                    }
                }
            }
            if next.is_empty() {
                return false;
            }
            taken = next;
        }
        false
    }
}

fn first_letter(reading: &str) -> &str {
    let end = reading
        .char_indices()
        .nth(1)
        .map_or(reading.len(), |it| it.0);
    reading.get(..end).unwrap_or(reading)
}

/// Returns every way in which a character may be typed: that of its word, and each of its own.
fn readings(character: char, of_word: Option<&'static str>) -> Vec<String> {
    let own = character.to_pinyin_multi().into_iter().flatten();
    let own = own.map(pinyin::Pinyin::plain);
    let mut all: Vec<String> = Vec::new();
    for reading in of_word.into_iter().chain(own) {
        // A keyboard has no `ü`.
        for typed in [reading.to_owned(), reading.replace('ü', "v")] {
            if !all.contains(&typed) {
                all.push(typed);
            }
        }
    }
    if all.is_empty() {
        all.push(character.to_string());
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_a_syllable_a_character() {
        for (at, (word, syllables)) in WORDS.iter().enumerate() {
            assert_eq!(word.chars().count(), syllables.split(' ').count(), "{word}");
            let ends = |it: &str| it.ends_with(|it: char| ('1'..='5').contains(&it));
            assert!(syllables.split(' ').all(ends), "{word}");
            assert!(
                !WORDS[..at].iter().any(|it| word.starts_with(it.0)),
                "{word}"
            );
        }
    }

    #[test]
    fn names_sort_by_their_reading() {
        let mut names = [
            "长沙地铁",
            "重庆长安",
            "厦门港务",
            "Acme",
            "北京电力",
            "3M中国",
            "（筹）",
            "acme",
        ];
        names.sort_by_key(|it| sort_key(it));
        assert_eq!(
            names,
            [
                "3M中国",
                "Acme",
                "acme",
                "北京电力",
                "长沙地铁",
                "重庆长安",
                "厦门港务",
                "（筹）"
            ]
        );
        // The tone counts before the code point, and a syllable ends before the next letter.
        let mut names = ["西安", "先安", "习安"];
        names.sort_by_key(|it| sort_key(it));
        assert_eq!(names, ["西安", "习安", "先安"]);
        assert_eq!(sounds("乐清曾都台州").len(), 6);
    }

    #[test]
    fn a_beginning_is_found_by_any_reading() {
        let begins = |word: &str, name: &str, by: By| {
            Beginning::of(word).is_some_and(|it| it.begins(name, by))
        };
        for (word, name) in [
            ("zhuzhoudi", "株洲地铁"),
            ("zhongqing", "重庆长安"),
            ("chong", "重庆长安"),
            ("ChangSha", "长沙地铁"),
            ("chang sha", "长沙 地铁"),
            ("3mzhong", "3M中国"),
            ("lvse", "绿色"),
        ] {
            assert!(begins(word, name, By::Syllables), "{word} {name}");
        }
        for (word, name) in [
            ("zzdt", "株洲地铁"),
            ("cqca", "重庆长安"),
            ("zqca", "重庆长安"),
            ("CQ", "重庆长安"),
            ("3mz", "3M中国"),
        ] {
            assert!(begins(word, name, By::Initials), "{word} {name}");
        }
        for (word, by) in [
            ("c", By::Syllables),
            ("c", By::Initials),
            ("csx", By::Initials),
            ("changshax", By::Syllables),
        ] {
            assert!(!begins(word, "长沙地铁", by), "{word}");
        }
        // A word longer than the reading is no beginning of it.
        assert!(!begins("csdtx", "长沙地铁", By::Initials));
    }
}
