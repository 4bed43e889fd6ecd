using System.Collections.Immutable;
using ConfSync.Bytes;

namespace ConfSync.Trees;

/// <summary>
/// Matches a pattern with a text as "PATTERN MATCHING RULES" in rsync(1) says, byte by byte, because names are any bytes.
/// <c>?</c> is one byte and <c>*</c> any number of bytes, but not a slash; <c>**</c> is any number of any bytes; <c>[…]</c>
/// is one byte of a set, but not a slash; <c>\</c> makes the next byte literal. A pattern without <c>*</c>, <c>?</c> and
/// <c>[</c> is literal, backslashes included. Immutable.
/// </summary>
internal sealed class Glob
{
    private const byte Slash = (byte)'/';

    private readonly ImmutableArray<Token> tokens;

    /// <exception cref="FormatException">The pattern could never match. The message is a clause that says why.</exception>
    public Glob(string pattern)
    {
        var bytes = PosixText.Encode(pattern);
        tokens = IsWild(pattern) ? Parse(bytes) : [.. bytes.Select(Token.Of)];
        if (Parts().FirstOrDefault(part => part is "" or "." or "..") is { } part) throw new FormatException($"no path has the part '{part}'");
    }

    private enum TokenKind
    {
        Literal,
        Set,
        Star,
        DeepStar,
    }

    public static bool IsWild(string pattern) => pattern.AsSpan().ContainsAny('*', '?', '[');

    /// <summary>Whether the pattern matches the whole text.</summary>
    public bool Matches(ReadOnlySpan<byte> text)
    {
        // For each kind of star: the token after it, and the first byte that it has not taken yet. Only the last star of a
        // kind may have to take more, because it can take all that an earlier one could have left to it.
        var (star, taken, deepStar, deepTaken) = (-1, 0, -1, 0);
        var (at, next) = (0, 0);
        while (at < text.Length || next < tokens.Length)
        {
            var kind = next < tokens.Length ? tokens[next].Kind : (TokenKind?)null;
            if (kind == TokenKind.Star)
            {
                (star, taken) = (++next, at);
            }
            else if (kind == TokenKind.DeepStar)
            {
                (deepStar, deepTaken, star) = (++next, at, -1);
            }
            else if (kind is not null && at < text.Length && tokens[next].Takes(text[at]))
            {
                (at, next) = (at + 1, next + 1);
            }
            else if (star >= 0 && taken < text.Length && text[taken] != Slash)
            {
                (at, next) = (++taken, star);
            }
            else if (deepStar >= 0 && deepTaken < text.Length)
            {
                (at, next, star) = (++deepTaken, deepStar, -1);
            }
            else
            {
                return false;
            }
        }
        return true;
    }

    private static ImmutableArray<Token> Parse(byte[] pattern)
    {
        var tokens = ImmutableArray.CreateBuilder<Token>();
        for (var at = 0; at < pattern.Length; at++)
        {
            switch (pattern[at])
            {
                case (byte)'\\' when at + 1 == pattern.Length:
                    throw new FormatException(@"the \ at its end makes nothing literal: for the character itself write \\");
                case (byte)'\\':
                    tokens.Add(Token.Of(pattern[++at]));
                    break;
                case (byte)'?':
                    tokens.Add(new Token(TokenKind.Set, 0, ByteSet.AllButSlash));
                    break;
                case (byte)'*':
                    var first = at;
                    while (at + 1 < pattern.Length && pattern[at + 1] == '*') at++;
                    tokens.Add(new Token(at > first ? TokenKind.DeepStar : TokenKind.Star, 0, null));
                    break;
                case (byte)'[':
                    var reader = new ByteSetReader(pattern, at + 1);
                    tokens.Add(new Token(TokenKind.Set, 0, reader.Read()));
                    at = reader.Position;
                    break;
                default:
                    tokens.Add(Token.Of(pattern[at]));
                    break;
            }
        }
        return tokens.ToImmutable();
    }

    // The parts between slashes. A token that is not literal stands as "*".
    private string[] Parts() =>
        string.Concat(tokens.Select(token => token.Kind == TokenKind.Literal ? (char)token.Literal : '*')).Split('/');

    private readonly record struct Token(TokenKind Kind, byte Literal, ByteSet? Set)
    {
        public static Token Of(byte literal) => new(TokenKind.Literal, literal, null);

        public bool Takes(byte b) => Set is null ? b == Literal : Set.Contains(b);
    }
}
