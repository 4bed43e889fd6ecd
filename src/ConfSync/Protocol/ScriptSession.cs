using System.Collections.Immutable;
using System.Globalization;
using System.IO.Enumeration;
using ConfSync.Bytes;
using ConfSync.Platform;
using ConfSync.Services;
using ConfSync.Transport;
using ConfSync.Trees;

namespace ConfSync.Protocol;

/// <summary>What sessions with a peer and with the primary's own shell share: settings, the scan, and turning refusals into
/// <see cref="PeerException"/>. One request runs at a time.</summary>
public abstract class ScriptSession : IAsyncDisposable
{
    private const int LongestIdentity = 64, ScanAttempts = 6;
    private const string Identified = "identified", Everything = "0";

    private static readonly TimeSpan ScanPause = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim gate = new(1);
    private readonly ScanMemory? memory;
    private Task remembering = Task.CompletedTask;
    private ImmutableDictionary<string, Identity> swappable = ImmutableDictionary<string, Identity>.Empty;

    /// <param name="roles">A push also asks which addresses the machine holds.</param>
    /// <param name="id">A random ID, because it names staging directories and no other user may guess it.</param>
    /// <param name="memory">What earlier scans hashed; null where each scan hashes everything.</param>
    private protected ScriptSession(
        ITransport transport, bool sudo, ConversationMode mode, ServiceSet services, string id, string who, bool roles = false, ScanMemory? memory = null) =>
        (this.memory, Conversation) = (memory, Conversation.Open(transport, sudo, mode, services, id, who, roles, memory?.Since is not null));

    /// <summary>What was sent and received so far.</summary>
    public Traffic Traffic => Conversation.Traffic;

    /// <summary>The identity of the machine, once it has answered; null where it is not known.</summary>
    public string? Machine => Conversation.Machine;

    private protected Conversation Conversation { get; }

    /// <summary>The IDs of the users that the script's work is done for, and root.</summary>
    private protected ImmutableHashSet<uint> Trusted { get; set; } = [0];

    /// <summary>A request was sent that changes live files. A refusal then does not mean that nothing has
    /// changed.</summary>
    private protected bool MayHaveChanged { get; set; }

    public async ValueTask DisposeAsync()
    {
        await remembering;
        await Conversation.DisposeAsync();
        gate.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the session in order, and waits for its end.</summary>
    public Task CloseAsync() => Conversation.CloseAsync();

    /// <param name="identified">Also ask for the identities of files, because they will be read afterwards.</param>
    private protected void RequestScan(IReadOnlyCollection<string> paths, ExcludeRules exclude, bool identified)
    {
        RequestPaths(paths);
        RequestScanOf(paths, exclude, identified);
    }

    /// <inheritdoc cref="ServiceRequests.Settings"/>
    private protected void RequestServices(ServiceSet services, bool serves = false) => new ServiceRequests(Conversation).Settings(services, serves);

    private protected void RequestPaths(IReadOnlyCollection<string> paths)
    {
        foreach (var path in paths) Conversation.Request("path", path);
    }

    /// <summary>Requests the scan of paths that were named before.</summary>
    private protected void RequestScanOf(IReadOnlyCollection<string> paths, ExcludeRules exclude, bool identified)
    {
        foreach (var above in paths.SelectMany(PosixPath.Ancestors).Distinct(StringComparer.Ordinal)) Conversation.Request("above", above);
        // A directory of CONFPATHS is never excluded by its name.
        var names = paths.Select(PosixPath.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in exclude.PrunableNames.Where(NamesNoPath)) Conversation.Request("prune", name);
        foreach (var name in exclude.PrunableDirectoryNames.Where(NamesNoPath)) Conversation.Request("prune-directory", name);
        if (memory?.Since is { } since) Conversation.Request("scan", Identified, since.ToString(CultureInfo.InvariantCulture));
        else Conversation.Request("scan", identified ? [Identified] : []);

        bool NamesNoPath(string pattern) => !names.Any(name => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false));
    }

    /// <exception cref="PeerException">Something could not be scanned, so that nothing certain is known.</exception>
    private protected async Task<Scan> ReadScanAsync(
        IReadOnlyCollection<string> paths, ExcludeRules exclude, CancellationToken cancellation)
    {
        var mounts = new List<string>();
        var (found, moved) = await ReadSteadyBlockAsync(mounts, cancellation);
        var scan = new ScanAnswer(found, mounts).Of(paths, exclude) with { Moved = moved };
        swappable = new ForeignDirectories(Trusted).Swappable([.. scan.Paths.Entries, .. scan.Ancestors, .. scan.Beyond])
            .Where(entry => entry.Identity is not null).ToImmutableDictionary(entry => entry.Path, entry => entry.Identity!);
        return scan;
    }

    /// <param name="mounted">Receives each mount point inside the paths, a directory with a slash at its end.</param>
    private protected Task<ScanBlock> ReadBlockAsync(CancellationToken cancellation, Action<string>? mounted = null) =>
        new BlockReader(Conversation, RefusalAsync).ReadAsync(mounted, cancellation);

    /// <summary>Reads the contents of files. The scan must have asked for identities: a file counts as changed if it is
    /// another file now, was touched since the scan, or is in a directory that another user may have replaced.</summary>
    /// <param name="received">Receives each file that has not changed, with its content.</param>
    /// <param name="areOwn">The files are the program's own, which no other user can replace. Only their contents are
    /// compared, because no scan has seen them.</param>
    /// <returns>The files that have changed since the scan.</returns>
    private protected Task<IReadOnlyList<Entry>> ReadContentsAsync(
        Limit limit, IReadOnlyCollection<Entry> files, Action<Entry, ReadOnlyMemory<byte>> received, CancellationToken cancellation,
        bool areOwn = false) =>
        ExchangeAsync<IReadOnlyList<Entry>>(limit.WithContents(files.Sum(file => file.Size)), async () =>
        {
            // The mark is random, so that no file can hold it. Each content is also checked by its digest.
            var mark = Mark();
            var changed = new List<Entry>();
            var batches = ContentBatch.Of(files).ToList();
            while (batches.Count > 0)
            {
                Ask(batches[0]);
                await Conversation.SendAsync(cancellation);
                // Requests are sent while answers are read, because both are larger than the pipes. The script would
                // otherwise wait for this program to read, and would not read either.
                var others = batches[1..];
                var sending = Task.Run(() => AskAsync(others), CancellationToken.None);
                var again = new List<ContentBatch>();
                foreach (var batch in batches)
                {
                    var content = await Conversation.ReadContentAsync(batch.Size, mark, cancellation);
                    var after = await Conversation.ReadContentAsync(LongestIdentity * batch.Files.Length, mark, cancellation);
                    var rest = batch.Divide(content, areOwn ? ImmutableHashSet<Entry>.Empty : batch.Touched(after.Span, swappable), received);
                    changed.AddRange(rest.Changed);
                    again.AddRange(rest.Again);
                }
                await sending;
                batches = again;
            }
            return changed;

            void Ask(ContentBatch batch)
            {
                Conversation.Request("read", mark);
                foreach (var file in batch.Files) Conversation.Request("file", file.Path);
                foreach (var directory in batch.Beside(swappable)) Conversation.Request("beside", $"{directory}/.");
                Conversation.Request("end");
            }

            Task AskAsync(IEnumerable<ContentBatch> batches)
            {
                foreach (var batch in batches) Ask(batch);
                return Conversation.SendOnAsync(cancellation);
            }
        }, cancellation);

    /// <summary>A random line that ends contents, which no author of a file can know.</summary>
    private protected static string Mark() => RandomName.Of(16);

    // An editor saves a file by creating, renaming and removing files. A scan at that moment is repeated.
    private async Task<(ScanBlock Block, string? Moved)> ReadSteadyBlockAsync(List<string> mounts, CancellationToken cancellation)
    {
        string? moved = null;
        var hashesAll = memory?.Since == 0;
        for (var attempt = 1; ; attempt++)
        {
            mounts.Clear();
            var found = await ReadBlockAsync(cancellation, mounts.Add);
            await ReadToOkAsync("scan", null, cancellation);
            if (found.Moved is null)
            {
                if (memory is null) return (found, moved);
                if (found.Clock is not null && memory.Complete(found, Machine) is { } complete) found = complete;
                else if (found.Clock is not null && !hashesAll)
                {
                    hashesAll = true;
                    Conversation.Request("scan", Identified, Everything);
                    await Conversation.SendAsync(cancellation);
                    continue;
                }
                remembering = Task.Run(() => memory.Remember(found, Machine), CancellationToken.None);
                return (found, moved);
            }
            moved = found.Moved;
            // The files that change may be excluded. The caller decides whether all of them are.
            if (attempt == ScanAttempts) return (found with { Problem = found.Problem ?? PosixText.Printable(moved) }, moved);
            await Task.Delay(ScanPause * attempt, cancellation);
            Conversation.Request("scan");
            await Conversation.SendAsync(cancellation);
        }
    }

    private protected async Task ReadAsync(string kind, CancellationToken cancellation)
    {
        var answer = await Conversation.ReadAsync(cancellation);
        if (answer.Kind == "fail") throw await RefusalAsync(answer, cancellation);
        if (answer.Kind != kind) throw Unexpected(answer);
    }

    /// <summary>Reads answers up to "ok <paramref name="verb"/>", and gives the others to
    /// <paramref name="other"/>.</summary>
    /// <returns>The token after the verb; empty for none.</returns>
    private protected async Task<string> ReadToOkAsync(
        string verb, Action<Answer>? other, CancellationToken cancellation)
    {
        while (true)
        {
            var answer = await Conversation.ReadAsync(cancellation);
            if (answer.Kind == "fail") throw await RefusalAsync(answer, cancellation);
            if (answer.Kind == "ok" && answer.Tokens[0] == verb) return answer.Tokens.ElementAtOrDefault(1) ?? "";
            if (other is null) throw Unexpected(answer);
            other(answer);
        }
    }

    /// <summary>Runs one exchange, alone and within its limit. Exceptions that a garbled answer causes become
    /// <see cref="PeerException"/>.</summary>
    private protected async Task<T> ExchangeAsync<T>(Limit limit, Func<Task<T>> exchange, CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation);
        try
        {
            Conversation.Expect(limit);
            return await exchange();
        }
        catch (EndOfStreamException)
        {
            throw await Conversation.EndAsync(cancellation);
        }
        catch (IOException exception)
        {
            throw new PeerException(PeerFailure.Lost, exception.Message, PeerState.Unknown);
        }
        catch (Exception exception) when
            (exception is ProtocolException or FormatException or OverflowException or ArgumentException)
        {
            throw new PeerException(PeerFailure.Protocol, exception.Message, PeerState.Unknown);
        }
        finally
        {
            Conversation.Expected();
            gate.Release();
        }
    }

    /// <summary>Makes the exception for a refusal, which ends the session. The answers after it say what state the peer is
    /// in.</summary>
    private protected async Task<PeerException> RefusalAsync(Answer refusal, CancellationToken cancellation)
    {
        var failure = PeerFailures.Parse(refusal.Tokens[0], refusal.Text);
        var state = failure.IsOfParent() || MayHaveChanged ? PeerState.Unknown : PeerState.Untouched;
        var undoWords = "";
        string? service = null;
        while (true)
        {
            Answer answer;
            try
            {
                answer = await Conversation.ReadAsync(cancellation);
            }
            catch (PeerException)
            {
                return new PeerException(failure, refusal.Text, state, undoWords) { Service = service };
            }
            if (answer is { Kind: "service", Tokens: [var name] }) service = PosixText.Printable(name);
            if (answer is { Kind: "text", Tokens: ["undo", ..] }) undoWords = answer.Text;
            if (answer.Kind == "undone") state = PeerState.Undone;
            if (answer.Kind == "confirmed") state = PeerState.Confirmed;
            if (answer.Kind == "untouched") state = PeerState.Untouched;
            if (answer.Kind == "not-undone") state = PeerState.NotUndone;
            if (answer.Kind == "restored") state = PeerState.Restored;
        }
    }

    internal static ProtocolException Unexpected(Answer answer) =>
        new(PosixText.Printable(string.Join(' ', [answer.Kind, .. answer.Tokens])));
}
