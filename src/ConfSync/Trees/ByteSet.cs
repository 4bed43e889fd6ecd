using System.Text;
using ConfSync.Bytes;

namespace ConfSync.Trees;

/// <summary>A set of bytes. The slash is never in it. Immutable.</summary>
internal sealed class ByteSet
{
    private readonly bool[] has = new bool[256];

    public ByteSet(Func<byte, bool> contains)
    {
        for (var b = 0; b < has.Length; b++) has[b] = b != '/' && contains((byte)b);
    }

    public static ByteSet AllButSlash { get; } = new(_ => true);

    public bool Contains(byte b) => has[b];
}

/// <summary>
/// Reads the brackets of a pattern as rsync(1) does: bytes, ranges and classes such as <c>[:digit:]</c>; with <c>!</c> or
/// <c>^</c> in front, all bytes but these. A <c>]</c> that comes first is literal, and so is a character after a backslash.
/// </summary>
/// <param name="at">The index of the first byte after the opening bracket.</param>
internal sealed class ByteSetReader(byte[] pattern, int at)
{
    private const byte Close = (byte)']';
    private const byte Escape = (byte)'\\';

    private readonly bool[] has = new bool[256];

    /// <summary>The index of the next byte; after <see cref="Read"/>, that of the closing bracket.</summary>
    public int Position { get; private set; } = at;

    /// <exception cref="FormatException">There is no closing bracket, or no class of this name. Such a pattern could never
    /// match.</exception>
    public ByteSet Read()
    {
        var isNegated = Here is (byte)'!' or (byte)'^';
        if (isNegated) Position++;
        // The byte that a range may begin with; null after a range or a class.
        byte? before = null;
        for (var first = Position; Position == first || Here != Close; Position++)
        {
            if (Here == (byte)'-' && before is { } low && Peek is not null and not Close)
            {
                Position++;
                var high = Literal();
                for (int b = low; b <= high; b++) has[b] = true;
                before = null;
            }
            else if (Here == (byte)'[' && Peek == (byte)':' && ClassEnd() is { } end)
            {
                var isMember = ClassNamed(Encoding.Latin1.GetString(pattern[(Position + 2)..(end - 1)]));
                for (var b = 0; b < 128; b++) has[b] |= isMember((char)b);
                Position = end;
                before = null;
            }
            else
            {
                before = Literal();
                has[before.Value] = true;
            }
        }
        return new ByteSet(b => has[b] != isNegated);
    }

    private byte Here => Position < pattern.Length ? pattern[Position]
        : throw new FormatException(@"its [ has no closing ]: for the character itself write \[");

    private byte? Peek => Position + 1 < pattern.Length ? pattern[Position + 1] : null;

    private byte Literal()
    {
        if (Here == Escape) Position++;
        return Here;
    }

    // The index of the bracket that closes "[:name:]"; null where it is no class, so that its characters stand for
    // themselves.
    private int? ClassEnd()
    {
        var end = Array.IndexOf(pattern, Close, Position + 2);
        return end > Position + 2 && pattern[end - 1] == ':' ? end : null;
    }

    // Classes of the locale "C": bytes outside of ASCII are in none of them.
    private static Func<char, bool> ClassNamed(string name) => name switch
    {
        "alnum" => char.IsAsciiLetterOrDigit,
        "alpha" => char.IsAsciiLetter,
        "blank" => c => c is ' ' or '\t',
        "cntrl" => char.IsControl,
        "digit" => char.IsAsciiDigit,
        "graph" => c => c is > ' ' and < '\x7f',
        "lower" => char.IsAsciiLetterLower,
        "print" => c => c is >= ' ' and < '\x7f',
        "punct" => c => c is > ' ' and < '\x7f' && !char.IsAsciiLetterOrDigit(c),
        "space" => c => c is ' ' or (>= '\t' and <= '\r'),
        "upper" => char.IsAsciiLetterUpper,
        "xdigit" => char.IsAsciiHexDigit,
        _ => throw new FormatException($"there is no class [:{PosixText.Printable(name)}:]"),
    };
}
