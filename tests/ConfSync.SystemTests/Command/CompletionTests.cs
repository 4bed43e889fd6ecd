namespace ConfSync.SystemTests;

/// <summary>bash, fish and zsh complete calls of the published command. None of them needs a lab.</summary>
public sealed class CompletionTests
{
    private const string Bash = """
        . <("$0" completion bash)
        compopt() { echo "compopt $*"; }
        for call; do
          COMP_LINE="nginx-sync $call" COMP_POINT=$((${#call} + 11)) COMPREPLY=()
          _nginx_sync "$0"
          echo "$call: ${COMPREPLY[*]}"
        done
        """;

    // fish sorts what it is given. It and zsh find the command by its name, as they do for a user. What zsh shows is its own; what it is given is printed.
    private const string Fish = "nginx-sync completion fish | source; for call in $argv; echo \"$call:\" (complete -C \"nginx-sync $call\" | cut -f1); end";

    private const string Zsh = """
        autoload -Uz compinit; compinit -u -D
        . <(nginx-sync completion zsh)
        [[ $_comps[nginx-sync.sh] == _nginx_sync ]] || exit 3
        _describe() { print -rn -- " ${(@P)2%%:*}" }
        _files() { print -rn -- ' FILES' }
        _call_program() { shift; eval "$@" }
        for call in "$@"; do words=(nginx-sync "${(@s: :)call}"); CURRENT=$#words; print -rn -- "$call:"; _nginx_sync; print; done
        """;

    private string configuration = "";

    [SetUp]
    public void WriteConfiguration()
    {
        configuration = Path.GetTempFileName();
        File.WriteAllText(configuration, "NODES='web1 web2:2222 deploy@db1'\nCONFPATHS=/etc/nginx\n");
    }

    [TearDown]
    public void RemoveIt() => File.Delete(configuration);

    [Test]
    public async Task Bash_completes_commands_options_nodes_and_files() => Assert.That(
        await CompleteAsync("/bin/bash", "-c", Bash, Path.Combine(await PublishedCommand.DirectoryAsync(), "nginx-sync")),
        Is.EqualTo($"roll: rollback\n-f {configuration} push : web1 web2:2222 deploy@db1\n-f {configuration} push web2:: 2222\n--output=js: json jsonl\ncompopt -o default\n-f /dev/nul: \n"));

    [Test]
    public async Task Fish_completes_commands_options_nodes_and_files() => Assert.That(
        await CompleteAsync("/usr/bin/fish", "-c", Fish),
        Is.EqualTo($"roll: rollback\n-f {configuration} push : deploy@db1 web1 web2:2222\n-f {configuration} push web2:: web2:2222\n--output=js: --output=json --output=jsonl\n-f /dev/nul: /dev/null\n"));

    [Test]
    public async Task Zsh_completes_commands_options_nodes_and_files() => Assert.That(
        await CompleteAsync("/usr/bin/zsh", "-fc", Zsh, "zsh"),
        Is.EqualTo($"roll: rollback\n-f {configuration} push : web1 web2\\ deploy@db1\n-f {configuration} push web2:: web2\\\n--output=js: --output=json --output=jsonl\n-f /dev/nul: FILES\n"));

    private async Task<string> CompleteAsync(string shell, params string[] arguments)
    {
        var path = $"PATH={await PublishedCommand.DirectoryAsync()}:/usr/bin:/bin";
        await using var running = Running.Start("/usr/bin/env", [path, shell, .. arguments, "roll", $"-f {configuration} push ", $"-f {configuration} push web2:", "--output=js", "-f /dev/nul"]);
        return (await running.WaitAsync()).OutIfSuccessful;
    }
}
