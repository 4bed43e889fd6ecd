using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using ConfSync.Protocol;
using ConfSync.Transport;
using ConfSync.Trees;

namespace ConfSync.Tests.Runs;

/// <summary>What the other side says in one session, written down before: an answer for each request, by its verb. Where a
/// verb has several answers, they come one after the other, and the last of them again and again.</summary>
internal sealed record Answers
{
    /// <summary>In an answer: what the session is called.</summary>
    public const string Session = "SESSION";

    /// <summary>Instead of an answer: the session ends without a word.</summary>
    public const string Lost = "";

    private ImmutableDictionary<string, string[]> ByVerb { get; init; } = ImmutableDictionary<string, string[]>.Empty;

    /// <summary>A peer that holds this and does all that it is asked for.</summary>
    public static Answers Holding(params Entry[] entries) => new Answers()
        .With("begin", "nginx unknown\nok begin\n")
        .With("scan", Scan(entries))
        .With("stage", $"staged\n{Block([])}")
        .With("test", Text("test", "the test is successful") + "ok test staged\n")
        .With("activate", "step activate\nstep reload\nok activate reloaded\n")
        .With("serve", "ok serve reloaded\n")
        .With("confirm", "ok confirm reloaded 1\n")
        .With("undo", "undone\n")
        .With("discard", "ok discard\n")
        .With("ping", "ok ping\n");

    public static string Scan(params Entry[] entries) => $"{Block(entries)}ok scan\n";

    public static string Text(string kind, string text) => $"text {kind} {Encoding.UTF8.GetByteCount(text)}\n{text}\n";

    /// <summary>What is said of a plan: that so much of it arrived in a directory.</summary>
    public static string Staged(string directory, params Entry[] arrived) => $"staged\n{Block([.. arrived.Select(
        entry => entry with { Path = $"{directory}/.nginx-sync.{Session}/new/{entry.Path[(directory.Length + 1)..]}" })])}";

    /// <param name="after">What the peer says of its state then: it ends the session.</param>
    public static string Fail(string code, string text, string after = "") =>
        $"fail {code} {Encoding.UTF8.GetByteCount(text)}\n{text}\n{after}";

    public Answers With(string verb, params string[] answers) => this with { ByVerb = ByVerb.SetItem(verb, answers) };

    /// <returns>Null where the verb is not answered.</returns>
    public string? To(string verb, int time) =>
        ByVerb.TryGetValue(verb, out var answers) ? answers[Math.Min(time, answers.Length - 1)] : null;

    // 20-scan.sh has the grammar.
    private static string Block(Entry[] entries)
    {
        var block = new StringBuilder("block gnu\n");
        foreach (var entry in entries)
        {
            block.Append(
                CultureInfo.InvariantCulture,
                $"@{(entry.Kind == EntryKind.File ? 'f' : 'd')}:{Convert.ToString(entry.Mode, 8)}:{entry.Owner.Id}:{entry.Owner.Name}:" +
                $"{entry.Group.Id}:{entry.Group.Name}:{entry.Size}:{entry.Modified}\0{entry.Path}\0\0");
        }
        foreach (var file in entries.Where(entry => entry.Kind == EntryKind.File)) block.Append($"{file.Digest}  {file.Path}\n");
        return block.Append(".\nfound 0\n").ToString();
    }
}

/// <summary>A peer that plays what was written down, one session after the other. Where there is no further one, ssh cannot
/// be started.</summary>
internal sealed class ScriptedPeer(params Answers[] sessions) : ITransport
{
    private readonly ConcurrentQueue<string> requests = new(), archives = new();
    private int opened;

    /// <summary>The verbs of the requests that are answered, of all sessions.</summary>
    public IReadOnlyCollection<string> Requests => requests;

    /// <summary>What was sent to be unpacked, in all sessions.</summary>
    public IReadOnlyCollection<string> Archives => archives;

    /// <summary>Which machine it says that it is; null for none.</summary>
    public string? Machine { get; init; }

    /// <summary>Waited for before a connection is made.</summary>
    public Func<Task> Connecting { get; init; } = () => Task.CompletedTask;

    /// <summary>Done before the answer is given.</summary>
    public Action<string> Asked { get; init; } = _ => { };

    public async Task<ConnectOutcome> ConnectAsync(string command, CancellationToken cancellation)
    {
        if (opened == sessions.Length)
        {
            return new ConnectOutcome.Failed(new LoginFailure(TransportFailure.NotStarted, "ssh cannot be started", null));
        }
        var answers = sessions[opened++];
        await Connecting();
        return new ConnectOutcome.Connected(new Session(this, answers));
    }

    private sealed class Session : IRemoteCommand
    {
        private readonly Pipe input = new(), output = new();
        private readonly Task<int> playing;

        public Session(ScriptedPeer peer, Answers answers)
        {
            (Input, Output) = (input.Writer.AsStream(), output.Reader.AsStream());
            playing = Task.Run(() => PlayAsync(peer, answers));
        }

        public Stream Input { get; }

        public Stream Output { get; }

        public string ErrorText => "Connection to the peer closed.";

        public Task<int> ExitAsync(CancellationToken cancellation) => playing.WaitAsync(cancellation);

        public void Kill() => output.Writer.Complete();

        public async ValueTask DisposeAsync()
        {
            await Input.DisposeAsync();
            await playing;
        }

        private async Task<int> PlayAsync(ScriptedPeer peer, Answers answers)
        {
            var reader = new WireReader(input.Reader.AsStream());
            await using var writer = output.Writer.AsStream();
            // The script, then: hello VERSION NONCE …
            await SkipAsync(reader, await reader.ReadLineAsync(default));
            var hello = (await reader.ReadLineAsync(default))!.Split(' ');
            var (nonce, id) = (hello[2], hello[4]);
            await writer.WriteAsync(Encoding.UTF8.GetBytes($"\n{nonce}{(peer.Machine is { } machine ? $" {machine}" : "")}\n"));
            var (times, inPlan) = (new Dictionary<string, int>(), false);
            while (await reader.ReadLineAsync(default) is { } line && (line != "end" || inPlan))
            {
                var words = line.Split(' ');
                if (words[0] == "changes") await SkipAsync(reader, words[1]);
                if (words[0] == "tar") peer.archives.Enqueue(await SkipAsync(reader, words[1]));
                inPlan = words[0] == "stage" || (inPlan && words[0] != "end");
                var time = times[words[0]] = times.GetValueOrDefault(words[0], -1) + 1;
                if (answers.To(words[0], time) is not { } answer) continue;
                peer.requests.Enqueue(words[0]);
                peer.Asked(words[0]);
                if (answer == Answers.Lost) return 255;
                await writer.WriteAsync(Encoding.UTF8.GetBytes(answer.Replace(Answers.Session, id, StringComparison.Ordinal)));
                if (answer.StartsWith("fail ", StringComparison.Ordinal) || answer.Contains("\nfail ", StringComparison.Ordinal)) return 0;
            }
            return 0;
        }

        // A reader takes no text that is longer than one may be.
        private static async Task<string> SkipAsync(WireReader reader, string? length)
        {
            var text = new StringBuilder();
            var left = int.Parse(length!, NumberStyles.None, CultureInfo.InvariantCulture);
            for (int part; left > 0; left -= part)
            {
                part = Math.Min(left, 32 * 1024);
                text.Append(await reader.ReadTextAsync(part, default));
            }
            return text.ToString();
        }
    }
}
