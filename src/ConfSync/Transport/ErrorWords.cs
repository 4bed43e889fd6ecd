using System.Text;
using ConfSync.Bytes;

namespace ConfSync.Transport;

/// <summary>What came on standard error. A peer must not fill the memory, so only the end of a long text is retained:
/// reasons come last. May be used from several threads.</summary>
internal sealed class ErrorWords
{
    // Enough for any error message.
    private const int Limit = 64 * 1024;

    private readonly StringBuilder words = new();

    public void Add(ReadOnlySpan<byte> bytes) => Add(PosixText.Decode(bytes));

    public void Add(string text)
    {
        lock (words)
        {
            words.Append(text);
            if (words.Length > 2 * Limit) words.Remove(0, words.Length - Limit);
        }
    }

    /// <summary>Adds a line, after what is no whole line.</summary>
    public void AddLine(string line)
    {
        lock (words)
        {
            if (words.Length > 0 && words[^1] != '\n') words.Append('\n');
            Add(line + "\n");
        }
    }

    public override string ToString()
    {
        lock (words) return words.ToString();
    }
}
