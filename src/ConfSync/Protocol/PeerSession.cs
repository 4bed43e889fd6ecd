using System.Collections.Immutable;
using ConfSync.Platform;
using ConfSync.Transport;
using ConfSync.Trees;

namespace ConfSync.Protocol;

/// <summary>
/// The session with one peer for one transaction: scan, stage, test, activate, then confirm or undo. The caller keeps this
/// order. Every method may throw <see cref="PeerException"/>. The session is then over, and the exception says what state
/// the peer is in.
/// </summary>
public sealed class PeerSession : LookingSession, ILogin
{
    private readonly string id;
    private readonly IReadOnlyCollection<string> paths;
    private readonly ExcludeRules exclude;
    // A comparison stages nothing, so its scan is not retained. With many peers, their Snapshots are what fills the memory.
    private readonly bool stages;
    private bool unpacks;
    private Scan seen = new(Snapshot.Empty, [], []);

    private PeerSession(
        ITransport transport, bool sudo, ConversationMode mode, string id, string who, PeerSettings settings,
        IReadOnlyCollection<string> paths, ExcludeRules exclude)
        : base(transport, sudo, mode, settings, id, who) =>
        (this.id, this.paths, this.exclude, stages) = (id, paths, exclude, mode is ConversationMode.Push or ConversationMode.DryRun);

    /// <summary>Starts a session. Nothing is known yet: not even whether the peer can be reached.</summary>
    /// <param name="sudo">Where the login is not root's, everything is to run as root.</param>
    /// <param name="who">The primary and its user, as a peer's lock and history are to name them.</param>
    public static PeerSession Open(
        ITransport transport, bool sudo, ConversationMode mode, string who, PeerSettings settings,
        IReadOnlyCollection<string> paths, ExcludeRules exclude) =>
        new(transport, sudo, mode, RandomName.Of(8), who, settings, paths, exclude);

    /// <summary>Logs in, and sends all requests that need no earlier answer.</summary>
    public Task ConnectAsync(CancellationToken cancellation) => ExchangeAsync(PeerSettings.LoginLimit, async () =>
    {
        RequestServices(Settings.Services, serves: stages);
        Conversation.Request("set", "backup", Settings.BackupDirectory);
        Conversation.Request("set", "keep", Number(Settings.Keep));
        Conversation.Request("set", "reload-timeout", PeerSettings.Seconds(Settings.ReloadTimeout));
        Conversation.Request("set", "confirm-timeout", PeerSettings.Seconds(Settings.ConfirmTimeout));
        Conversation.Request("set", "test-timeout", PeerSettings.Seconds(Settings.TestTimeout));
        Conversation.Request("set", "step-timeout", PeerSettings.Seconds(Settings.StepTimeout));
        if (Settings.HealthCheck is { } health) Conversation.Request("set", "health", health);
        Conversation.Request("set", "health-timeout", PeerSettings.Seconds(Settings.HealthCheckTimeout));
        Conversation.Request("set", "reload", Settings.Reload ? "yes" : "no");
        // The paths come before "begin", because they may decide which nginx is meant.
        RequestPaths(paths);
        Conversation.Request("begin");
        // An earlier push that "begin" recovers makes a generation.
        if (Settings.AsksForHistory) Conversation.Request("history", Number(0), "readable");
        if (Settings.AsksRoles) Conversation.Request("roles");
        RequestScanOf(paths, exclude, identified: !stages || Settings.ReadsContents);
        await Conversation.SendAsync(cancellation);
        await Conversation.ReadGreetingAsync(cancellation);
        return true;
    }, cancellation);

    /// <summary>Makes the exception for a login that took too long.</summary>
    /// <param name="limit">How long this program waited.</param>
    public PeerException GivenUp(TimeSpan limit) =>
        Conversation.NotGreeted($"no answer within {limit.TotalSeconds} s (CONNECT_TIMEOUT)", status: -1);

    /// <summary>Checks that the peer has what is needed, recovers what an earlier run left there, and scans.</summary>
    public Task<(PeerFacts Facts, Scan Scan)> BeginAsync(CancellationToken cancellation) => ExchangeAsync(Settings.BeginLimit, async () =>
    {
        var reader = new FactsReader();
        await ReadToOkAsync("begin", answer =>
        {
            if (answer is { Kind: "step", Tokens: ["recover"] }) Conversation.Expect(Settings.RecoveryLimit);
            else reader.Add(answer);
        }, cancellation);
        if (!reader.Logins.IsEmpty) Trusted = reader.Logins;
        var facts = reader.Facts;
        if (Settings.AsksForHistory)
        {
            Conversation.Expect(Settings.HistoryLimit);
            facts = facts with { Generations = await ReadHistoryAsync(cancellation) };
        }
        if (Settings.AsksRoles) facts = facts with { Roles = await ReadRolesAsync(cancellation) };
        Conversation.Expect(Settings.ScanLimit);
        var scan = await ReadScanAsync(paths, exclude, cancellation);
        unpacks = reader.Unpacks;
        if (stages) seen = scan;
        return (facts, scan);
    }, cancellation);

    /// <summary>Scans the peer again.</summary>
    public Task<Scan> ScanAsync(CancellationToken cancellation) => ExchangeAsync(Settings.ScanLimit, async () =>
    {
        Conversation.Request("scan");
        await Conversation.SendAsync(cancellation);
        return await ReadScanAsync(paths, exclude, cancellation);
    }, cancellation);

    /// <summary>Fills the staging directories, checks that everything arrived, and tests the result in a view.</summary>
    /// <param name="staged">Called when everything has arrived and the test begins.</param>
    public Task<TestOutcome> StageAndTestAsync(
        Staging staging, Action staged, CancellationToken cancellation) => ExchangeAsync(Settings.StagingLimit.WithContents(staging.Size), async () =>
    {
        var plan = staging.Plan;
        Conversation.Request("set", "digest", staging.Digest);
        if (staging.Known is { } known) Conversation.Request("set", "known", known);
        new ServiceRequests(Conversation).Affected(staging.Services);
        if (staging.Run is { } run) Conversation.Request("set", "run", run.Format());
        if (staging.RollbackTo is { } generation) Conversation.Request("set", "rollback", Number(generation));
        Conversation.Request("stage");
        // Contents may be larger than what a peer reads after it has refused, so answers are read at the same time.
        var sending = new PlanWriter(Conversation, seen, staging, unpacks).WriteAsync(cancellation);
        try
        {
            await ReadAsync("staged", cancellation);
            Conversation.Expect(Settings.ScanLimit);
            var block = plan.Directories.IsEmpty ? null : await ReadBlockAsync(cancellation);
            await sending;
            if (block is not null) Arrival.Ensure(plan, id, block);
            staged();
            Conversation.Expect(Settings.TestLimit);
        }
        finally
        {
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        string? words = null;
        var outcome = await ReadToOkAsync("test", answer => words = WordsOf(answer) ?? words, cancellation);
        return new TestOutcome(outcome == "staged", words ?? "");
    }, cancellation);

    /// <summary>Makes the change live, reloads nginx and checks that it serves the change. Until
    /// <see cref="ConfirmAsync"/>, the peer undoes the change by itself when the session ends.</summary>
    /// <param name="step">Receives the name of each step as the peer begins it.</param>
    public Task<Activation> ActivateAsync(Action<string> step, CancellationToken cancellation) => ExchangeAsync(Settings.ActivationLimit, async () =>
    {
        string? testWords = null;
        var outcomes = new OutcomeReader();
        MayHaveChanged = true;
        Conversation.Request("activate");
        await Conversation.SendAsync(cancellation);
        var served = await ReadToOkAsync("activate", answer =>
        {
            if (answer.Kind == "step") step(answer.Tokens[0]);
            else if (!outcomes.Add(answer)) testWords = WordsOf(answer) ?? testWords;
        }, cancellation);
        var (reload, services) = outcomes.Read(served);
        return new Activation(reload, testWords) { Services = services };
    }, cancellation);

    /// <summary>Tests, reloads and checks that the services serve what is there. Used where nothing differs but a service is not
    /// known to serve it.</summary>
    /// <param name="affected">Those that are not known to; empty where nginx alone takes part.</param>
    public Task<Activation> ServeAsync(
        string digest, ImmutableArray<AffectedService> affected, CancellationToken cancellation) => ExchangeAsync(Settings.ServeLimit, async () =>
    {
        string? testWords = null;
        var outcomes = new OutcomeReader();
        Conversation.Request("set", "digest", digest);
        new ServiceRequests(Conversation).Affected(affected);
        Conversation.Request("serve");
        await Conversation.SendAsync(cancellation);
        string? warning = null;
        var served = await ReadToOkAsync("serve", answer =>
        {
            if (answer is { Kind: "text", Tokens: ["warning", ..] }) warning = answer.Text;
            else if (!outcomes.Add(answer)) testWords = WordsOf(answer) ?? testWords;
        }, cancellation);
        var (reload, services) = outcomes.Read(served);
        return new Activation(reload, testWords) { Warning = warning, Services = services };
    }, cancellation);

    /// <summary>Confirms the change. No other request may follow in this session.</summary>
    public Task<Confirmation> ConfirmAsync(CancellationToken cancellation) => ExchangeAsync(Settings.ConfirmLimit, async () =>
    {
        string? warning = null;
        Conversation.Request("confirm");
        // Sent together, to save a round trip.
        Conversation.RequestEnd();
        await Conversation.SendAsync(cancellation);
        var outcomes = new OutcomeReader();
        var served = await ReadToOkAsync("confirm", answer =>
        {
            if (!outcomes.Add(answer)) warning = warning is null ? answer.Text : $"{warning}\n{answer.Text}";
        }, cancellation);
        var (reload, services) = outcomes.Read(served);
        return new Confirmation(reload, warning) { Services = services };
    }, cancellation);

    /// <summary>Undoes the change. Returns when the peer has checked that it is undone.</summary>
    public Task UndoAsync(CancellationToken cancellation) => ExchangeAsync(Settings.UndoLimit, async () =>
    {
        Conversation.Request("undo");
        await Conversation.SendAsync(cancellation);
        var words = "";
        while (true)
        {
            var answer = await Conversation.ReadAsync(cancellation);
            if (answer.Kind == "undone") return true;
            if (answer.Kind is "not-undone" or "restored")
            {
                throw new PeerException(PeerFailure.Undo, words, answer.Kind == "restored" ? PeerState.Restored : PeerState.NotUndone, words);
            }
            words = answer.Text;
        }
    }, cancellation);

    /// <summary>Removes what was staged.</summary>
    public Task DiscardAsync(CancellationToken cancellation) => ExchangeAsync(Settings.DiscardLimit, async () =>
    {
        Conversation.Request("discard");
        await Conversation.SendAsync(cancellation);
        return await ReadToOkAsync("discard", null, cancellation);
    }, cancellation);

    /// <summary>Sends signs of life until it is cancelled, because the peer's time-out counts silence. The cancellation is
    /// no error.</summary>
    public async Task StayAsync(CancellationToken cancellation)
    {
        while (true)
        {
            // The cancellation throws nothing here, because the first exception of a process costs ten milliseconds.
            await Task.Delay(Settings.ConfirmTimeout / 4, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellation.IsCancellationRequested) return;
            await ExchangeAsync(Settings.SignLimit, async () =>
            {
                // A request that was begun is completed, because half a request would garble the next one.
                Conversation.Request("ping");
                await Conversation.SendAsync(CancellationToken.None);
                return await ReadToOkAsync("ping", null, CancellationToken.None);
            }, CancellationToken.None);
        }
    }

    /// <summary>The nginx that the last test used; null before a test.</summary>
    public TestedNginx? Nginx { get; private set; }

    // The text of a test, which comes beside the description of the nginx that was tested.
    private string? WordsOf(Answer answer)
    {
        if (answer.Kind != "text") return null;
        if (answer.Tokens is not ["master", ..]) return answer.Text;
        Nginx = TestedNginx.Parse(answer.Text);
        return null;
    }
}
