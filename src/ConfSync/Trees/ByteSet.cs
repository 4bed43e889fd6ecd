using System.Text;
using ConfSync.Bytes;

namespace ConfSync.Trees;

/// <summary>Some of the 256 bytes, never the slash. Immutable.</summary>
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

/// <summary>Reads what stands in the brackets of a pattern, as rsync(1) has it: bytes, ranges, classes such as
/// <c>[:digit:]</c>, all but these with <c>!</c> or <c>^</c> in front. A <c>]</c> that comes first is literal, and so is what
/// follows a backslash.</summary>
/// <param name="at">The first byte behind the opening bracket.</param>
internal sealed class ByteSetReader(byte[] pattern, int at)
{
    private const byte Close = (byte)']';
    private const byte Escape = (byte)'\\';

    private readonly bool[] has = new bool[256];

    /// <summary>Afterwards, that of the closing bracket.</summary>
    public int Position { get; private set; } = at;

    /// <exception cref="FormatException">There is no closing bracket, or no such class: it could never match.</exception>
    public ByteSet Read()
    {
        var isNegated = Here is (byte)'!' or (byte)'^';
        if (isNegated) Position++;
        // What a range may begin with: not another range, nor a class.
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

    // Where the bracket of "[:name:]" closes; null where it is none, and its characters stand for themselves.
    private int? ClassEnd()
    {
        var end = Array.IndexOf(pattern, Close, Position + 2);
        return end > Position + 2 && pattern[end - 1] == ':' ? end : null;
    }

    // In the locale "C": what is not ASCII is in none of them.
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
