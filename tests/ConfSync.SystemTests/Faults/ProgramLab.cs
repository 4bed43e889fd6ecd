using ConfSync.SystemTests.Push;

namespace ConfSync.SystemTests.Faults;

/// <summary>What is to be seen of a peer.</summary>
/// <param name="Serves">The word that its site answers; empty if nobody answers.</param>
/// <param name="Generations">Their numbers, in order.</param>
/// <param name="Left">What a push left there that it ought not to leave; and its processes.</param>
internal sealed record PeerSeen(HeldTree Tree, string Serves, IReadOnlyList<int> Generations, string Left, bool IsGood)
{
    public bool Shows(PeerState state) =>
        Tree.Equals(state.Tree) && Serves == state.Serves &&
        Generations.SequenceEqual(state.Generations.Select(generation => generation.Number));

    public override string ToString() => $"serves {Serves}, generations {string.Join(' ', Generations)}, left: {Left}";
}

/// <summary>A lab that is good for many random programs: how its nodes are changed and looked at.</summary>
internal sealed class ProgramLab : IAsyncDisposable
{
    /// <summary>CONFIRM_TIMEOUT: the shortest there may be.</summary>
    public static readonly TimeSpan ConfirmTimeout = TimeSpan.FromSeconds(5);

    private const string Hold = Push.Generations.Hold;

    private readonly Lab lab;

    private ProgramLab(Lab lab) => this.lab = lab;

    public Primary Primary => lab.Primary;

    public IReadOnlyList<Node> Peers => lab.Peers;

    /// <summary>Whether the primary has recorded a decision that is not finished.</summary>
    public bool IsDecided => Primary.Exists(AgreedPush.Decision);

    /// <summary>Starts a lab whose peers hold what the primary holds, by a first push.</summary>
    /// <returns>And the one way in which all is.</returns>
    public static async Task<(ProgramLab Lab, World World)> StartAsync(int peers)
    {
        var lab = new ProgramLab(await Lab.StartPeersAsync(peers));
        lab.lab.Pushes(
            $"/etc/nginx/nginx.conf /etc/nginx/conf.d {RandomTree.Root}", $"KEEP={PeerState.Keep}", RandomTree.Allow,
            $"CONFIRM_TIMEOUT={ConfirmTimeout.TotalSeconds}", "RELOAD_TIMEOUT=10", "STEP_TIMEOUT=15");
        foreach (var node in lab.Peers.Append(lab.Primary))
        {
            node.Write(ProgramSite.File, ProgramSite.Answering(RandomProgram.Words[0]));
            for (var i = 0; i < peers; i++)
            {
                if (node != lab.Peers[i]) node.Write(ProgramSite.MissingOn(i), "");
            }
        }
        for (var i = 0; i < peers; i++) await lab.TakePortAsync(i);
        await lab.Primary.ShAsync(RandomTree.Script(""));
        var before = await Task.WhenAll(lab.Peers.Select(TreeAsync));
        _ = await lab.Primary.PushedAsync();
        var after = await TreeAsync(lab.Primary);
        return (lab, new World([.. before.Select(tree => new PeerState(tree, "", 0, []).Given(after))]));
    }

    /// <summary>Another program has the port that this peer is not to have. Until its next boot.</summary>
    public Task TakePortAsync(int peer) => Peers[peer].TakePortAsync(ProgramSite.TakenOn(peer));

    public static async Task<HeldTree> TreeAsync(Node node) => HeldTree.Of(await node.TreeAsync("/etc/nginx"));

    public void Poison(Poison poison, int peer)
    {
        if (poison == Faults.Poison.None) Primary.Delete(ProgramSite.Poison);
        else Primary.Write(ProgramSite.Poison, ProgramSite.PoisonFor(poison, peer));
    }

    public Task<Outcome> RunAsync(params string[] arguments) => Primary.RunAsync(["nginx-sync", .. arguments]);

    /// <summary>Starts a push that is to stand still at a mark of this node.</summary>
    /// <returns>And whether it does: it may also end without it.</returns>
    public async Task<(Running Push, bool IsHeld)> HeldAtAsync(Node node, string mark, IEnumerable<string> arguments)
    {
        node.Write(Hold, mark + "\n");
        var push = await Primary.StartAsync(["nginx-sync", .. arguments]);
        await Eventually.TrueAsync(
            () => node.Exists($"{Hold}.reached") || push.HasExited, $"the push stands still at {mark} or ends", TimeSpan.FromSeconds(60));
        return (push, node.Exists($"{Hold}.reached"));
    }

    /// <summary>Returns when nobody is at work on any peer; something may be left.</summary>
    /// <param name="timeout">The longest that this may take.</param>
    public Task QuietAsync(TimeSpan timeout) => Eventually.TrueAsync(
        async () => !(await Task.WhenAll(Peers.Select(peer => peer.LeftoversAsync())))
            .Any(left => left.Contains("process ", StringComparison.Ordinal)),
        "nobody is at work on the peers", timeout);

    public Task<PeerSeen[]> LookAsync() => Task.WhenAll(Peers.Select(LookAsync));

    public async ValueTask DisposeAsync() => await lab.DisposeAsync();

    private async Task<PeerSeen> LookAsync(Node peer)
    {
        var left = peer.LeftoversAsync();
        var rest = (await peer.ShAsync($"nginx -t 2>/dev/null; echo $?; ls {Push.Generations.Kept} 2>/dev/null | sort -n")).Split('\n');
        return new PeerSeen(
            await TreeAsync(peer), await AnswerAsync(peer), [.. rest.Skip(1).Select(int.Parse)], await left, rest[0] == "0");
    }

    private static async Task<string> AnswerAsync(Node peer)
    {
        try
        {
            return await peer.AnswerAsync();
        }
        catch (HttpRequestException)
        {
            return "";
        }
    }
}
