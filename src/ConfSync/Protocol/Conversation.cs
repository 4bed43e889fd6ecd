using System.Globalization;
using System.Text;
using ConfSync.Bytes;
using ConfSync.Services;
using ConfSync.Transport;

namespace ConfSync.Protocol;

/// <summary>One answer: its first token, the further tokens, and its text, if it has one.</summary>
internal sealed record Answer(string Kind, string[] Tokens, string Text);

/// <summary>The framing of one session with the script: requests go out, answers come in. It does not know what they mean.
/// The script is sent first, and answers with a greeting (<see cref="Greeting"/>).</summary>
internal sealed class Conversation : IAsyncDisposable
{
    /// <summary>The version of the protocol.</summary>
    public const int Version = 1;

    private const int LargestGreeting = 2 * 1024 * 1024;
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    // Only for tests (docs/protocol.md, "The test seam"). Without this variable, a file that a test left on a node stops
    // nothing.
    private static readonly bool AllowsFailpoints = Environment.GetEnvironmentVariable("NGINX_SYNC_FAILPOINTS") == "yes";

    private readonly ITransport transport;
    private readonly string commandLine;

    // The script and the first requests are queued until they are sent. Writing them at once would fail if the node is
    // gone, before its error text could be read.
    private readonly RequestQueue output;
    private readonly ExchangeTimeout timeout;
    private readonly CancellationTokenSource overdue = new();
    private readonly Greeting greeting = new();
    private IRemoteCommand? command;
    private WatchedStream? input;
    private WireReader? reader;
    private bool asked;
    private bool ended;
    private int roundTrips;
    private long sent;
    private long received;

    private Conversation(ITransport transport, string commandLine, int scriptLength)
    {
        (this.transport, this.commandLine) = (transport, commandLine);
        timeout = new ExchangeTimeout(End);
        output = new RequestQueue(ConnectAsync, scriptLength + 4096);
    }

    /// <summary>Reads what comes from the other side. Available once something was sent.</summary>
    public WireReader Reader => reader ?? throw new InvalidOperationException("nothing was sent yet");

    /// <summary>Identifies the other side's machine. It is compared and never shown. Null where it is not known, and before
    /// the greeting.</summary>
    public string? Machine => greeting.Machine;

    /// <summary>What was sent and received so far.</summary>
    public Traffic Traffic => new(sent, received, roundTrips);

    /// <summary>Makes a conversation that begins once something is sent.</summary>
    /// <param name="sudo">Where the user is not root, everything is to run as root.</param>
    /// <param name="services">Those that take part: the script has the parts of no others.</param>
    /// <param name="id">The transaction's: names its staging directories.</param>
    /// <param name="who">The primary and its user, for a peer's lock and history.</param>
    /// <param name="roles">A push also asks which addresses the machine holds.</param>
    /// <param name="indexed">It may scan with what earlier scans hashed.</param>
    public static Conversation Open(
        ITransport transport, bool sudo, ConversationMode mode, ServiceSet services, string id, string who, bool roles = false, bool indexed = false)
    {
        var script = PeerScript.Of(mode, services, roles, indexed);
        var conversation = new Conversation(transport, PeerScript.Command(mode, sudo), script.Length);
        conversation.Write(script.Length.ToString(CultureInfo.InvariantCulture) + "\n");
        conversation.output.Write(script.Span);
        conversation.Write($"hello {Version} {conversation.greeting.Nonce} {mode.ToToken()} {id} {Wire.Encode(who)}\n");
        if (AllowsFailpoints) conversation.Request("set", "failpoints", "yes");
        return conversation;
    }

    /// <summary>Queues one request line. The arguments are encoded here.</summary>
    public void Request(string verb, params ReadOnlySpan<string> arguments)
    {
        var line = new StringBuilder(verb);
        foreach (var argument in arguments) line.Append(' ').Append(Wire.Encode(argument));
        Write(line.Append('\n').ToString());
    }

    /// <summary>Queues the last request. The other side ends when it has answered.</summary>
    public void RequestEnd()
    {
        if (ended) return;
        ended = true;
        Write("end\n");
    }

    /// <summary>Takes a payload between two requests.</summary>
    public Stream Payload => output;

    /// <summary>Sends what is queued. The first call makes the connection.</summary>
    /// <exception cref="PeerException">The connection could not be made.</exception>
    public Task SendAsync(CancellationToken cancellation)
    {
        asked = true;
        return SendOnAsync(cancellation);
    }

    /// <summary>Sends what is queued, as a further part of a request. It does not count as a round trip of its
    /// own.</summary>
    public async Task SendOnAsync(CancellationToken cancellation)
    {
        try
        {
            await output.FlushAsync(cancellation);
        }
        catch (IOException)
        {
            // The other side is gone. The reader will say why.
        }
    }

    /// <summary>Begins to wait for an answer, until <see cref="Expected"/>. If the answer is not complete within the limit,
    /// the session is ended.</summary>
    public void Expect(Limit limit)
    {
        timeout.Begin(limit);
        if (greeting.WasRead) Reader.Allow(limit.Bytes, limit.Phase);
    }

    /// <summary>Ends the waiting for an answer.</summary>
    public void Expected() => timeout.Begin(null);

    /// <summary>Reads the next answer.</summary>
    /// <exception cref="PeerException">The session ended.</exception>
    public async Task<Answer> ReadAsync(CancellationToken cancellation)
    {
        await ReadGreetingAsync(cancellation);
        CountRoundTrip();
        return await ReadAsync(await Reader.ReadLineAsync(cancellation) ?? throw await EndAsync(cancellation), cancellation);
    }

    /// <summary>Reads the rest of the answer that begins with this line.</summary>
    public async Task<Answer> ReadAsync(string line, CancellationToken cancellation)
    {
        var words = line.Split(' ');
        var text = "";
        if (words[0] is "text" or "fail")
        {
            if (words.Length != 3 || !int.TryParse(words[2], NumberStyles.None, CultureInfo.InvariantCulture, out var length))
            {
                throw new ProtocolException(PosixText.Printable(line));
            }
            text = await Reader.ReadTextAsync(length, cancellation);
            await Reader.ReadLineAsync(cancellation);
        }
        return new Answer(words[0], words[1..], text.TrimEnd('\n'));
    }

    /// <summary>Reads contents that have no length, up to the line <paramref name="mark"/>.</summary>
    /// <param name="expected">The probable number of bytes.</param>
    public async Task<ReadOnlyMemory<byte>> ReadContentAsync(long expected, string mark, CancellationToken cancellation)
    {
        await ReadGreetingAsync(cancellation);
        CountRoundTrip();
        return await Reader.ReadToMarkAsync(expected, Encoding.ASCII.GetBytes($"\n{mark}\n"), cancellation);
    }

    /// <summary>Ends the conversation in order: gives the other side a few seconds to end by itself.</summary>
    public async Task CloseAsync()
    {
        if (command is null) return;
        using var farewell = new CancellationTokenSource(Farewell);
        try
        {
            RequestEnd();
            await SendAsync(farewell.Token).WaitAsync(farewell.Token);
            await command.Input.DisposeAsync();
            await command.ExitAsync(farewell.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // All answers have been read. Dispose ends what still runs.
        }
    }

    /// <summary>Makes the exception that says why the session ended. Called after the end of its output.</summary>
    public async Task<PeerException> EndAsync(CancellationToken cancellation)
    {
        if (command is null) return NotGreeted(timeout.Passed?.Words, status: -1);
        int status;
        using (var farewell = CancellationTokenSource.CreateLinkedTokenSource(cancellation))
        {
            farewell.CancelAfter(Farewell);
            try
            {
                status = await command.ExitAsync(farewell.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                status = -1;
            }
        }
        if (greeting.WasRead)
        {
            var words = timeout.Passed?.Words ?? LastWords.Of(command.ErrorText);
            return new PeerException(
                timeout.Passed is { CanBeRaised: true } ? PeerFailure.TimedOut : PeerFailure.Lost,
                words.Length > 0 ? words : $"the session ended without a word (exit status {status})", PeerState.Unknown);
        }
        return NotGreeted(timeout.Passed?.Words, status);
    }

    /// <summary>Makes the exception for a session that ended before the script's greeting, with all that was said
    /// there.</summary>
    /// <param name="what">Why this program ended the session; null where it ended by itself.</param>
    /// <param name="status">The exit status of the command; -1 where it is not known.</param>
    public PeerException NotGreeted(string? what, int status)
    {
        var (errors, said) = (command?.ErrorText ?? "", greeting.Before + reader?.TakeText());
        var failure = transport.Explain($"{said}\n{errors}", status);
        // The reason comes first, because it is one line and the rest may be a page.
        List<string> words = [];
        if ((what ?? failure.Reason) is { } first) words.Add(first.Trim('@', ' '));
        if (LastWords.Of(LastWords.Without(errors, failure.Reason)) is { Length: > 0 } others) words.Add(others);
        if (LastWords.Of(LastWords.Without(said, failure.Reason)) is { Length: > 0 } login) words.Add($"The login said:\n{login}");
        if (words.Count == 0) words.Add($"the session ended without a word (exit status {status})");
        return new PeerException(PeerFailure.Connect, string.Join('\n', words), PeerState.Untouched, advice: failure.Advice)
        {
            Transport = failure.Failure,
        };
    }

    public ValueTask DisposeAsync()
    {
        timeout.Dispose();
        return command?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    /// <summary>Waits for the script's greeting. Returns at once if it has come before.</summary>
    public async Task ReadGreetingAsync(CancellationToken cancellation)
    {
        if (greeting.WasRead) return;
        CountRoundTrip();
        if (!await greeting.ReadAsync(Reader, cancellation)) throw await EndAsync(cancellation);
        Reader.Allow(Limit.MostOfScan, "an answer");
    }

    // A round trip ends when an answer to what was sent is waited for.
    private void CountRoundTrip()
    {
        if (asked) roundTrips++;
        asked = false;
    }

    private void Write(string text) => output.Write(Encoding.ASCII.GetBytes(text));

    private async ValueTask<Stream> ConnectAsync(CancellationToken cancellation)
    {
        if (input is not null) return input;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, overdue.Token);
        ConnectOutcome outcome;
        try
        {
            outcome = await transport.ConnectAsync(commandLine, stop.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw NotGreeted(timeout.Passed?.Words, status: -1);
        }
        if (outcome is ConnectOutcome.Failed { Failure: var failure })
        {
            throw new PeerException(PeerFailure.Connect, failure.Reason ?? "", PeerState.Untouched, advice: failure.Advice)
            {
                Transport = failure.Failure,
            };
        }
        command = ((ConnectOutcome.Connected)outcome).Command;
        reader = new WireReader(new WatchedStream(command.Output, Came));
        reader.Allow(LargestGreeting, "a greeting");
        return input = new WatchedStream(command.Input, Went);
    }

    private void End()
    {
        overdue.Cancel();
        command?.Kill();
    }

    private void Went(int count)
    {
        sent += count;
        timeout.Extend();
    }

    private void Came(int count)
    {
        received += count;
        timeout.Extend(count);
    }
}
