using ConfSync.Protocol;

namespace ConfSync.Tests.Protocol;

/// <summary>How a recovery finds the processes of a runner that was killed (end_remains in push/recovery.sh), in each shell that a
/// peer may have and with each grep.</summary>
internal sealed class RemainsTests
{
    // bash tells of each job that was killed.
    private const string Start = """
        exec 2>/dev/null
        start() { env "$1" sleep 60 </dev/null >/dev/null 2>&1 & }
        started() { until [ "$(cat "/proc/$1/comm")" = sleep ]; do sleep 0.01; done; }
        end_of() { kill "$1"; wait "$1"; echo $?; }
        id=a1$$
        """;

    [Test]
    public void What_carries_the_runners_mark_is_killed_and_nothing_else(
        [ValueSource(typeof(RealShell), nameof(RealShell.All))] string shell, [Values("", "busybox")] string grep)
    {
        var commands = $$"""
            {{Start}}
            tools=$(mktemp -d)
            [ -z '{{grep}}' ] || ln -s "$(command -v busybox)" "$tools/grep"
            PATH=$tools:$PATH
            start "NGINX_SYNC_RUNNER=$id"; its=$!
            start "NGINX_SYNC_RUNNER=${id}0"; longer=$!
            start "NGINX_SYNC_RUNNER=${id%?}"; shorter=$!
            start "OTHER=NGINX_SYNC_RUNNER=$id"; other=$!
            start "OTHER=of${newline}NGINX_SYNC_RUNNER=$id${newline}lines"; lines=$!
            for pid in $its $longer $shorter $other $lines; do started "$pid"; done
            end_remains
            rm -r -- "$tools"
            for pid in $its $longer $shorter $other $lines; do end_of "$pid"; done
            """;
        Assert.That(RealShell.Evaluate(shell, ConversationMode.Push, commands), Is.EqualTo("137\n143\n143\n143\n143\n"));
    }

    [Test]
    public void It_does_not_kill_the_shell_that_looks([ValueSource(typeof(RealShell), nameof(RealShell.All))] string shell)
    {
        var commands = $$"""
            {{Start}}
            env "NGINX_SYNC_RUNNER=$id" {{shell}} -c 'eval "$1"; id=$2; end_remains; echo "lives: $?"' nginx-sync "$s" "$id"
            """;
        Assert.That(RealShell.Evaluate(shell, ConversationMode.Push, commands), Is.EqualTo("lives: 0\n"));
    }
}
