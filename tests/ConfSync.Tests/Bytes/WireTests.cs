using System.Text;
using ConfSync.Bytes;

namespace ConfSync.Tests.Bytes;

/// <summary>Names on their way to a peer, and on their way to a screen.</summary>
public sealed class WireTests
{
    [TestCase("/etc/nginx/conf.d/a-b_c.conf", "/etc/nginx/conf.d/a-b_c.conf")]
    [TestCase("a b", "a%20b")]
    [TestCase("50%", "50%25")]
    [TestCase("'\"$`\\\n\t*?[~#;&|<>(){}!=", "%27%22%24%60%5C%0A%09%2A%3F%5B%7E%23%3B%26%7C%3C%3E%28%29%7B%7D%21%3D")]
    [TestCase("é", "%C3%A9")]
    [TestCase("", "")]
    public void Whatever_sh_could_take_for_something_is_encoded(string text, string encoded) =>
        Assert.That(Wire.Encode(text), Is.EqualTo(encoded));

    [FsCheck.NUnit.Property(MaxTest = 1000)]
    public void Any_bytes_survive_the_way_through_text_and_wire(byte[] bytes)
    {
        var text = PosixText.Decode(bytes);
        Assert.That(PosixText.Encode(text), Is.EqualTo(bytes));
        var encoded = Wire.Encode(text);
        Assert.That(encoded, Does.Match("^[A-Za-z0-9._/+,:@%-]*$"));
        Assert.That(Decoded(encoded), Is.EqualTo(bytes));
    }

    [FsCheck.NUnit.Property(MaxTest = 1000)]
    public void What_is_shown_is_one_plain_line_and_tells_all_apart(byte[] bytes, byte[] others)
    {
        var shown = PosixText.Printable(PosixText.Decode(bytes));
        Assert.That(shown.Any(char.IsControl), Is.False);
        // A lone surrogate would not be UTF-8.
        Assert.That(() => new UTF8Encoding(false, true).GetBytes(shown), Throws.Nothing);
        if (!bytes.AsSpan().SequenceEqual(others)) Assert.That(PosixText.Printable(PosixText.Decode(others)), Is.Not.EqualTo(shown));
    }

    private static byte[] Decoded(string encoded)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < encoded.Length; i++)
        {
            bytes.Add(encoded[i] == '%' ? Convert.ToByte(encoded.Substring(i + 1, 2), 16) : (byte)encoded[i]);
            if (encoded[i] == '%') i += 2;
        }
        return [.. bytes];
    }
}
