using ConfSync.Inventory;
using ConfSync.Transport;

namespace ConfSync.SystemTests;

/// <summary>The ways to log in to a node.</summary>
public enum Way
{
    /// <summary>The ssh program.</summary>
    Ssh,

    /// <summary>The SSH library in this process.</summary>
    InProcess,
}

/// <summary>A lab whose peers the test process itself logs in to, with an OpenSSH configuration of the test's own.</summary>
internal sealed class TransportLab : IAsyncDisposable
{
    public static readonly Way[] Ways = [Way.Ssh, Way.InProcess];

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo directory = System.IO.Directory.CreateTempSubdirectory("nginx-sync-transport.");
    private readonly List<string?> chosen = [];
    private int programs;
    private string program = "";

    private TransportLab(Lab lab) => Lab = lab;

    public Lab Lab { get; }

    public Node Peer => Lab.Peers[0];

    /// <summary>For each login in this process null, for others why ssh made it.</summary>
    public IReadOnlyList<string?> Chosen
    {
        get
        {
            lock (chosen) return [.. chosen];
        }
    }

    /// <summary>The test's own files: key, known_hosts, config.</summary>
    public string Directory => directory.FullName;

    public static async Task<TransportLab> StartAsync(int peers = 1)
    {
        var made = new TransportLab(await Lab.StartPeersAsync(peers));
        made.Write("key", made.Lab.Primary.ReadText("/root/.ssh/id_ed25519"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        made.Write("known_hosts", made.Lab.Primary.ReadText("/root/.ssh/known_hosts"));
        made.Configure();
        return made;
    }

    /// <summary>Sets the configuration of ssh for logins from now on.</summary>
    /// <param name="lines">Count before the usual ones.</param>
    public void Configure(params string[] lines)
    {
        var number = ++programs;
        Write($"config{number}", $"""
            {string.Join('\n', lines)}
            Host *
              User root
              IdentityFile {Directory}/key
              IdentitiesOnly yes
              UserKnownHostsFile {Directory}/known_hosts
              GlobalKnownHostsFile /dev/null
              StrictHostKeyChecking yes

            """);
        program = Write($"ssh{number}", $"#!/bin/sh\nexec /usr/bin/ssh -F {Directory}/config{number} \"$@\"\n",
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>The peer's host key as known_hosts has it: its type and the key.</summary>
    public string HostKey => Lab.Primary.ReadText("/root/.ssh/known_hosts").Split('\n').First(line => line.StartsWith($"{Peer.Address},", StringComparison.Ordinal)).Split(' ', 2)[1];

    public string Write(string name, string text, UnixFileMode? mode = null)
    {
        var path = Path.Combine(Directory, name);
        File.WriteAllText(path, text);
        if (mode is { } wanted) File.SetUnixFileMode(path, wanted);
        return path;
    }

    /// <summary>A transport to a peer.</summary>
    /// <param name="host">Null for the peer's address.</param>
    public ITransport To(Way way, string? host = null, TimeSpan? timeout = null)
    {
        if (!NodeAddress.TryParse(host ?? Peer.Address, out var address, out var problem)) throw new ArgumentException(problem, nameof(host));
        var ssh = new OpenSsh(address, program, KeyFile: null, timeout ?? Timeout);
        return way == Way.Ssh ? ssh : new AutomaticTransport(ssh, Choose);
    }

    /// <summary>Starts a command.</summary>
    public async Task<IRemoteCommand> StartAsync(Way way, string command)
    {
        var outcome = await To(way).ConnectAsync(command, CancellationToken.None);
        var started = ((ConnectOutcome.Connected)outcome).Command;
        Assert.That(Chosen, way == Way.Ssh ? Is.Empty : Is.Not.Empty.And.All.Null, "no login in this process is left to ssh");
        return started;
    }

    /// <summary>Runs a command to its end.</summary>
    public async Task<Outcome> RunAsync(Way way, string command, byte[]? input = null)
    {
        await using var started = await StartAsync(way, command);
        return await FinishAsync(started, input);
    }

    /// <summary>Gives a command its input, and reads its output until it ends.</summary>
    public static async Task<Outcome> FinishAsync(IRemoteCommand command, byte[]? input = null)
    {
        var output = ReadAsync(command);
        await WriteAsync(command, input ?? []);
        var text = System.Text.Encoding.UTF8.GetString(await output);
        var status = await command.ExitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60));
        return new Outcome(status, text, command.ErrorText);
    }

    public static async Task<byte[]> ReadAsync(IRemoteCommand command)
    {
        using var all = new MemoryStream();
        await command.Output.CopyToAsync(all).WaitAsync(TimeSpan.FromSeconds(60));
        return all.ToArray();
    }

    public static async Task WriteAsync(IRemoteCommand command, byte[] input)
    {
        try
        {
            await command.Input.WriteAsync(input).AsTask().WaitAsync(TimeSpan.FromSeconds(60));
            await command.Input.FlushAsync();
            await command.Input.DisposeAsync();
        }
        catch (IOException)
        {
            // The command ended without reading all of it.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Lab.DisposeAsync();
        directory.Delete(recursive: true);
    }

    private void Choose(LoginWay login)
    {
        lock (chosen) chosen.Add(login.Reason);
    }
}
