using System.Globalization;

namespace ConfSync.SystemTests;

/// <summary>One machine of a lab: a peer, or the primary.</summary>
public class Node
{
    private readonly string lab;
    private int init;

    internal Node(string lab, string description)
    {
        this.lab = lab;
        var fields = description.Split(' ');
        (Name, Address) = (fields[0], fields[1]);
        init = int.Parse(fields[2], CultureInfo.InvariantCulture);
        Files = new NodeFiles(() => $"/proc/{init}/root", fields[3]);
    }

    /// <summary>primary, peer1, peer2, …; the other nodes know it by this name, too.</summary>
    public string Name { get; }

    /// <summary>Its IPv4 address, which the host reaches as well.</summary>
    public string Address { get; }

    /// <summary>Its files, read and written without its noticing.</summary>
    public NodeFiles Files { get; }

    /// <summary>Writes a file, with its missing parents; a new one gets mode 0644. Links are followed.</summary>
    public void Write(string path, string text) => Files.Write(path, text);

    /// <inheritdoc cref="Write(string, string)"/>
    public void Write(string path, byte[] bytes) => Files.Write(path, bytes);

    public string ReadText(string path) => Files.ReadText(path);

    public byte[] ReadBytes(string path) => Files.ReadBytes(path);

    /// <summary>Whether there is anything at this path, be it a dangling link.</summary>
    public bool Exists(string path) => Files.Exists(path);

    /// <summary>Removes a file, a link or a whole directory; fine if there is none.</summary>
    public void Delete(string path) => Files.Delete(path);

    /// <inheritdoc cref="NodeFiles.TreeAsync"/>
    public Task<IReadOnlyList<string>> TreeAsync(string path) => Files.TreeAsync(path);

    /// <summary>Runs a command as root and waits for its end.</summary>
    public Task<Outcome> RunAsync(params string[] command) => RunAsync(new Invocation(command));

    /// <summary>Runs a command with input, environment or user as told, and waits for its end.</summary>
    /// <exception cref="TimeoutException">It did not end within 120 s.</exception>
    public async Task<Outcome> RunAsync(Invocation invocation)
    {
        await using var running = await StartAsync(invocation);
        return await running.WaitAsync();
    }

    /// <summary><see cref="RunAsync(string[])"/> for where a test cannot wait.</summary>
    public Outcome Exec(params string[] command) => RunAsync(command).GetAwaiter().GetResult();

    /// <summary>Starts a command as root and leaves it running.</summary>
    public Task<Running> StartAsync(params string[] command) => StartAsync(new Invocation(command));

    /// <summary>Starts a command and leaves it running, to be waited for, watched, signalled or killed.</summary>
    public Task<Running> StartAsync(Invocation invocation)
    {
        List<string> exec = ["exec", lab, Name, "--user", invocation.User, "--env", $"DOTNET_ROOT={Lab.DotnetRoot}", "--env", "NGINX_SYNC_FAILPOINTS=yes"];
        foreach (var (name, value) in invocation.Environment) exec.AddRange(["--env", $"{name}={value}"]);
        return Running.StartInNodeAsync(
            LabScript.Path, [.. exec, "--", .. invocation.Arguments], invocation.Input, invocation.KeepInputOpen);
    }

    /// <summary>Asks its nginx from the host, over a new connection.</summary>
    /// <exception cref="HttpRequestException">Nobody answers there.</exception>
    /// <exception cref="TaskCanceledException">No answer in time (5 s unless told).</exception>
    public async Task<HttpAnswer> HttpGetAsync(
        string path = "/", int port = 80, string? host = null, TimeSpan? timeout = null)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
        client.Timeout = timeout ?? TimeSpan.FromSeconds(5);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{Address}:{port}{path}");
        request.Headers.Host = host;
        using var response = await client.SendAsync(request);
        return new HttpAnswer((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>How many logins its sshd has accepted since it was made.</summary>
    public int SshLogins() => ReadText("/var/log/sshd.log").Split("\nAccepted publickey").Length - 1;

    /// <summary>Ends nginx at once, and returns when it is gone.</summary>
    public Task StopNginxAsync() => LabScript.RunAsync("stop-nginx", lab, Name);

    public Task StartNginxAsync() => LabScript.RunAsync("start-nginx", lab, Name);

    /// <summary>Its network cable is pulled: nobody is told, packets are lost.</summary>
    public Task UnplugAsync() => LabScript.RunAsync("link", lab, Name, "down");

    public Task PlugInAsync() => LabScript.RunAsync("link", lab, Name, "up");

    /// <summary>A power loss: every process dies at once, and nobody hears of it. Its disk keeps everything that was
    /// written, synced or not.</summary>
    public async Task CrashAsync()
    {
        await LabScript.RunAsync("crash", lab, Name);
        init = 0;
    }

    /// <summary>Power is back: sshd and nginx start, with the same disk and empty /run and /tmp.</summary>
    public async Task BootAsync()
    {
        var fields = (await LabScript.RunAsync("boot", lab, Name)).Split(' ');
        init = int.Parse(fields[2], CultureInfo.InvariantCulture);
    }
}
