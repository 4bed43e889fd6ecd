using System.Text;
using ConfSync.Bytes;
using ConfSync.Reports;

namespace ConfSync.Tests.Reports;

/// <summary>What reaches a terminal or a page is seen, and as what it is.</summary>
public sealed class ShownTextTests
{
    [TestCase("a\U000E0001b", @"a\xf3\xa0\x80\x81b", TestName = "a language tag")]
    [TestCase("a\U000E0100b", @"a\xf3\xa0\x84\x80b", TestName = "a variation selector of the supplement")]
    [TestCase("a\uFE0Fb", @"a\xef\xb8\x8fb", TestName = "a variation selector")]
    [TestCase("a\u034Fb", @"a\xcd\x8fb", TestName = "a grapheme joiner")]
    [TestCase("a\u3164b", @"a\xe3\x85\xa4b", TestName = "a filler of Hangul")]
    [TestCase("a\u2800b", @"a\xe2\xa0\x80b", TestName = "the blank of braille")]
    [TestCase("a\u200Bb\u2066c\u00ADd\uFEFF", @"a\xe2\x80\x8bb\xe2\x81\xa6c\xc2\xadd\xef\xbb\xbf", TestName = "formats")]
    [TestCase("a\uE000b\U0010FFFDc", @"a\xee\x80\x80b\xf4\x8f\xbf\xbdc", TestName = "private use")]
    [TestCase("a\u0378b\U000E0FFFc\uFFFFd", @"a\xcd\xb8b\xf3\xa0\xbf\xbfc\xef\xbf\xbfd", TestName = "not assigned, and no character")]
    [TestCase("a\u2028b\u0085c\e[0m\x7F", @"a\xe2\x80\xa8b\xc2\x85c\x1b[0m\x7f", TestName = "line separators and controls")]
    [TestCase("caf\u00e9 \u65e5\u672c \U0001F600 e\u0301 \u05d0", "caf\u00e9 \u65e5\u672c \U0001F600 e\u0301 \u05d0", TestName = "letters, marks, an emoji")]
    public void What_is_not_seen_is_shown_as_its_bytes(string text, string shown)
    {
        Assert.That(PosixText.Printable(text), Is.EqualTo(shown));
        Assert.That(Shown(text), Is.EqualTo(shown), "in a diff, too");
    }

    // No character of any category, in no plane.
    [Test]
    public void Nothing_of_those_categories_gets_through()
    {
        for (var value = 0; value <= 0x10FFFF; value++)
        {
            if (!Rune.IsValid(value)) continue;
            var rune = new Rune(value);
            var isPlain = PosixText.Printable(rune.ToString()) == rune.ToString();
            if (isPlain) Assert.That(Rune.IsControl(rune) || (int)Rune.GetUnicodeCategory(rune) is >= 12 and <= 17 or 29, Is.False, $"U+{value:X4}");
            else Assert.That(Rune.IsLetterOrDigit(rune) && value is not (0x115F or 0x1160 or 0x3164 or 0xFFA0), Is.False, $"U+{value:X4}");
        }
    }

    private static string Shown(string text) => UnifiedDiff.Lines(UnifiedDiffTests.Entry("/f", "", text)).ElementAt(3)[1..];
}
