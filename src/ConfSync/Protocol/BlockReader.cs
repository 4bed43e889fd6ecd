using System.Globalization;

namespace ConfSync.Protocol;

/// <summary>Reads the answer to a scan: mount points, one or two blocks, and what find complained of.</summary>
/// <param name="refusalAsync">Makes the exception for a refusal.</param>
internal sealed class BlockReader(Conversation conversation, Func<Answer, CancellationToken, Task<PeerException>> refusalAsync)
{
    private const int MostMounts = 10_000;

    private static readonly string[] Vanished =
        ["No such file or directory", "Not a directory", "Is a directory", "Stale file handle", "No such device or address"];

    /// <param name="mounted">Receives each mount point inside the paths, a directory with a slash at its end. Null where
    /// none is expected.</param>
    /// <exception cref="PeerException">The script refused the scan, or the session ended.</exception>
    /// <exception cref="ProtocolException">The answer is not one to a scan.</exception>
    public async Task<ScanBlock> ReadAsync(Action<string>? mounted, CancellationToken cancellation)
    {
        try
        {
            return await ReadWholeAsync(mounted, cancellation);
        }
        catch (Exception exception) when (exception is EndOfStreamException or ProtocolException or FormatException)
        {
            // Reads on to the end of the answer, or to what the runner's parent says. That may come after half a line.
            var line = exception is ScanMovedException unexpected ? unexpected.Near : await conversation.Reader.ReadLineAsync(cancellation);
            for (; line is not null; line = await conversation.Reader.ReadLineAsync(cancellation))
            {
                if (line.StartsWith("found ", StringComparison.Ordinal) && line.Length <= 20)
                {
                    if (exception is ScanMovedException moved) return new ScanBlock([], null, moved.Near);
                    break;
                }
                if (PeerFailures.SaidByParent(line) is { } refusal) throw await refusalAsync(await conversation.ReadAsync(refusal, cancellation), cancellation);
            }
            throw;
        }
    }

    private async Task<ScanBlock> ReadWholeAsync(Action<string>? mounted, CancellationToken cancellation)
    {
        var block = await conversation.ReadAsync(cancellation);
        for (var count = 0; mounted is not null && block is { Kind: "text", Tokens: ["mount", ..] }; count++)
        {
            if (count == MostMounts) throw new ProtocolException($"more than {MostMounts} mount points");
            mounted(block.Text);
            block = await conversation.ReadAsync(cancellation);
        }
        if (block.Kind == "fail") throw await refusalAsync(block, cancellation);
        if (block is not { Kind: "block", Tokens: [var style] }) throw ScriptSession.Unexpected(block);
        var reader = new ScanReader(conversation.Reader, cancellation);
        var entries = await reader.ReadEntriesAsync(style);
        string? problem = null;
        while (true)
        {
            var answer = await conversation.ReadAsync(cancellation);
            switch (answer)
            {
                case { Kind: "text" }:
                    problem = answer.Text;
                    break;
                // The find of this peer cannot do what the first block needs.
                case { Kind: "block", Tokens: ["plain"] } when style == "gnu":
                    style = "plain";
                    entries = await new ScanReader(conversation.Reader, cancellation).ReadEntriesAsync(style);
                    break;
                case { Kind: "found", Tokens: ["0", ..] }:
                    return new ScanBlock(entries, null) { Clock = reader.Clock };
                case { Kind: "found", Tokens: [_, var lines] }:
                    return new ScanBlock(entries, problem ?? "find failed without a word", MovedOf(problem)) { Complaints = int.Parse(lines, CultureInfo.InvariantCulture), Clock = reader.Clock };
                case { Kind: "found" }:
                    return new ScanBlock(entries, problem ?? "find failed without a word", MovedOf(problem)) { Clock = reader.Clock };
                default:
                    throw ScriptSession.Unexpected(answer);
            }
        }
    }

    // find, stat, readlink and sha256sum say this of a path that was there a moment ago.
    private static string? MovedOf(string? problem) => problem?.Split('\n').FirstOrDefault(line =>
        Vanished.Any(words => line.Contains(words, StringComparison.Ordinal)));
}
