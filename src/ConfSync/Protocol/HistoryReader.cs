using System.Collections.Immutable;
using System.Globalization;
using ConfSync.Bytes;
using ConfSync.Changes;

namespace ConfSync.Protocol;

/// <summary>Reads the answer of the script's history_answer (look/history.sh has the grammar). A generation whose record is
/// damaged counts as one that does not say what it changed. The other generations are not affected.</summary>
internal sealed class HistoryReader
{
    // The most that KEEP allows, and a few pushes of a large tree as a whole.
    private const int MostGenerations = 1_000;
    private const int MostLines = 1_000_000;

    private readonly SortedDictionary<int, Draft> drafts = [];
    private Draft? current;
    private int lines;

    /// <exception cref="ProtocolException">The answer is not one to "history", or it has too many lines.</exception>
    /// <exception cref="FormatException">A number cannot be read.</exception>
    public void Add(Answer answer)
    {
        if (++lines > MostLines) throw new ProtocolException("a history without end");
        if (answer is { Kind: "generation", Tokens: [var number, var count] })
        {
            current = new Draft(Number(number), count == "-" ? null : Number(count));
            if (!drafts.TryAdd(current.Number, current) || drafts.Count > MostGenerations)
            {
                throw new ProtocolException("generations without end");
            }
            return;
        }
        if (current is null || answer.Kind is not ("info" or "change" or "plan"))
        {
            throw new ProtocolException(PosixText.Printable(string.Join(' ', [answer.Kind, .. answer.Tokens])));
        }
        try
        {
            current.Add(answer);
        }
        catch (FormatException)
        {
            current.IsReadable = false;
        }
    }

    /// <summary>The generations, lowest number first.</summary>
    public ImmutableArray<Generation> Generations => [.. drafts.Values.Select(draft => draft.Finished)];

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private sealed record Draft(int Number, int? Count)
    {
        private readonly List<Change> changes = [];
        private readonly List<string> directories = [];
        private readonly List<RetainedPath> retained = [];
        private DateTimeOffset? time;
        private string who = "";
        private string digest = "";
        private int? rolledBackTo;
        private RunRecord? run;

        public bool IsReadable { get; set; } = true;

        public Generation Finished =>
            new(Number, time, who, digest, rolledBackTo, run, IsReadable ? Count : null, [.. changes], [.. retained]);

        /// <exception cref="FormatException">The line is damaged.</exception>
        public void Add(Answer answer)
        {
            switch (answer.Tokens)
            {
                case ["time", var seconds, ..] when answer.Kind == "info" &&
                    long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var since) &&
                    since <= DateTimeOffset.MaxValue.ToUnixTimeSeconds():
                    time = DateTimeOffset.FromUnixTimeSeconds(since);
                    break;
                case ["primary", var user, ..] when answer.Kind == "info":
                    who = Wire.Decode(user);
                    break;
                case ["digest", var hex, ..] when answer.Kind == "info" && hex.All(c => char.IsAsciiHexDigitLower(c) || c == ':'):
                    digest = hex;
                    break;
                case ["rollback", var to, ..] when answer.Kind == "info" && int.TryParse(to, NumberStyles.None, CultureInfo.InvariantCulture, out var number):
                    rolledBackTo = number;
                    break;
                case ["run", var record, ..] when answer.Kind == "info":
                    run = RunRecord.Parse(Wire.Decode(record));
                    break;
                case var words when answer.Kind == "change":
                    changes.Add(ChangeLine.Parse(string.Join(' ', words)));
                    break;
                case ["dir", var path, ..] when answer.Kind == "plan":
                    directories.Add(Wire.Decode(path));
                    break;
                case ["~" or "!" or "-", var name, ..] when answer.Kind == "plan" && directories.Count > 0:
                    retained.Add(new RetainedPath(directories.Count, $"{directories[^1].TrimEnd('/')}/{Wire.Decode(name)}"));
                    break;
                default:
                    // A later version may record more. This version does not need it.
                    break;
            }
        }
    }
}
