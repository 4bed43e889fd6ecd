using System.Collections.Immutable;
using System.Globalization;
using ConfSync.Trees;

namespace ConfSync.Protocol;

/// <summary>Reads the answer of the script's begin_answer (look/facts.sh).</summary>
internal sealed class FactsReader
{
    private const int MostServed = 32;

    private string? recovered;
    private string? unfinished;
    private string? notOurs;
    private string[] nginx = ["unknown"];
    private ImmutableDictionary<string, ServiceFacts> others = ImmutableDictionary<string, ServiceFacts>.Empty;

    /// <summary>The peer has gzip.</summary>
    public bool Unpacks { get; private set; }

    /// <summary>The IDs of the login's users (see <see cref="PeerFacts"/>), and root.</summary>
    public ImmutableHashSet<uint> Logins { get; private set; } = [];

    public PeerFacts Facts =>
        new(nginx is not ["not-running"], [.. nginx.Where(SnapshotDigest.IsOne)], recovered, unfinished, Logins, notOurs) { Others = others };

    /// <exception cref="ProtocolException">The answer is not one to "begin".</exception>
    /// <exception cref="FormatException">A number cannot be read.</exception>
    public void Add(Answer answer)
    {
        switch (answer)
        {
            case { Kind: "text", Tokens: ["recovered", ..] }:
                recovered = answer.Text;
                break;
            case { Kind: "text", Tokens: ["unfinished", ..] }:
                unfinished = $"{answer.Text}; the next push undoes it";
                break;
            case { Kind: "text", Tokens: ["unseen", ..] }:
                unfinished = answer.Text;
                break;
            case { Kind: "text", Tokens: ["not-ours", ..] }:
                notOurs = answer.Text;
                break;
            case { Kind: "nginx", Tokens: { Length: > 0 and <= MostServed } states }:
                nginx = states;
                break;
            case { Kind: "service", Tokens: [var service, .. { Length: > 0 and <= MostServed } states] }:
                others = others.SetItem(service, new ServiceFacts(states is not ["not-running"], [.. states.Where(SnapshotDigest.IsOne)]));
                break;
            case { Kind: "gzip", Tokens: [] }:
                Unpacks = true;
                break;
            case { Kind: "login", Tokens: [.. var users] }:
                Logins = [0, .. users.Select(user => uint.Parse(user, NumberStyles.None, CultureInfo.InvariantCulture))];
                break;
            default:
                throw ScriptSession.Unexpected(answer);
        }
    }
}
