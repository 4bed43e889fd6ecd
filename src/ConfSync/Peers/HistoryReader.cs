using System.Collections.Immutable;
using System.Globalization;
using ConfSync.Changes;
using ConfSync.Snapshots;

namespace ConfSync.Peers;

/// <summary>Puts together what the script's history_answer says (65-generations.sh has the grammar). Numbers and names are
/// a peer's word: of those that make no sense the generation is named.</summary>
internal sealed class HistoryReader
{
    // What KEEP may be at most, and a push of a whole large tree in each tenth of them.
    private const int MostGenerations = 1_000;
    private const int MostLines = 1_000_000;

    private readonly SortedDictionary<int, Draft> drafts = [];
    private Draft? current;
    private int lines;

    /// <exception cref="ProtocolException">It is no such answer, or there are too many.</exception>
    /// <exception cref="PeerException">What a generation recorded cannot be read.</exception>
    public void Add(Answer answer)
    {
        if (++lines > MostLines) throw new ProtocolException("a history without end");
        try
        {
            switch (answer)
            {
                case { Kind: "generation", Words: [var number, var count] }:
                    Begin(Number(number), count == "-" ? null : Number(count));
                    break;
                case { Kind: "info", Words: [var key, var value, ..] } when current is not null:
                    current.Info[key] = value;
                    break;
                case { Kind: "change" } when current is not null:
                    current.Changes.Add(ChangeLine.Parse(string.Join(' ', answer.Words)));
                    break;
                case { Kind: "plan", Words: ["dir", var path, ..] } when current is not null:
                    current.Directories.Add(Wire.Decode(path));
                    break;
                case { Kind: "plan", Words: ["~" or "!" or "-", var name, ..] } when current is { Directories.Count: > 0 }:
                    current.Kept.Add(new KeptPath(
                        current.Directories.Count, $"{current.Directories[^1].TrimEnd('/')}/{Wire.Decode(name)}"));
                    break;
                default:
                    throw new ProtocolException(PosixText.Printable(string.Join(' ', [answer.Kind, .. answer.Words])));
            }
        }
        catch (Exception exception) when (exception is FormatException or OverflowException && current is not null)
        {
            throw Unreadable(current.Number, exception.Message);
        }
    }

    /// <returns>The generations, lowest number first.</returns>
    /// <exception cref="PeerException">What a generation recorded cannot be read.</exception>
    public ImmutableArray<Generation> Generations => [.. drafts.Values.Select(draft => draft.Finished())];

    private void Begin(int number, int? count)
    {
        current = new Draft(number, count);
        if (!drafts.TryAdd(number, current) || drafts.Count > MostGenerations) throw new ProtocolException("generations without end");
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private static PeerException Unreadable(int number, string why) => new(
        "history", $"what generation {number} recorded cannot be read: {why}", PeerState.Untouched);

    private sealed record Draft(int Number, int? Count)
    {
        public Dictionary<string, string> Info { get; } = new(StringComparer.Ordinal);
        public List<Change> Changes { get; } = [];
        public List<string> Directories { get; } = [];
        public List<KeptPath> Kept { get; } = [];

        public Generation Finished()
        {
            try
            {
                var rollback = Info.GetValueOrDefault("rollback");
                return new Generation(
                    Number,
                    DateTimeOffset.FromUnixTimeSeconds(long.Parse(Info.GetValueOrDefault("time", ""), NumberStyles.None, CultureInfo.InvariantCulture)),
                    Wire.Decode(Info.GetValueOrDefault("primary", "")), Info.GetValueOrDefault("digest", ""),
                    rollback is null ? null : HistoryReader.Number(rollback), Count, [.. Changes], [.. Kept]);
            }
            catch (Exception exception) when (exception is FormatException or OverflowException or ArgumentException)
            {
                throw Unreadable(Number, exception.Message);
            }
        }
    }
}
