namespace ConfSync.SystemTests.Push;

/// <summary>Names are bytes: whatever Linux allows arrives.</summary>
public sealed class PushedNamesTests
{
    private const string Data = "/etc/nginx/data";

    [TestCase("dash")]
    [TestCase("bash")]
    [TestCase("busybox")]
    public async Task Any_legal_name_arrives_changes_and_goes(string sh)
    {
        var kind = sh == "busybox" ? PeerKind.Alpine : new PeerKind { Sh = sh };
        await using var lab = await Lab.StartPeersAsync(1, kind);
        const string Names = """
            in_each() { for n in ' ' ' a ' "it's" '"q"' '-rf' '--help' '*' '?' '[a]' '$(reboot)' '`id`' '%41' '%' '100%s' \
              'back\slash' '\' 'a\nb' new old '~' '!' '+' '@' '#c' ';' '&' '|' '<>' '=x' .hidden ..double ...; do "$1" "$n"; done
              "$1" "$(printf 'new\nline')"; "$1" "$(printf '\nx')"; "$1" "$(printf 'end\n.')"; "$1" "$(printf 'tab\t')"
              "$1" "$(printf '\377\376')"; "$1" "$(printf 'cr\r')"; "$1" "$(printf '\033[31m')"; "$1" 'ünïcödé'
              "$1" "$(printf 'trailing\n_')"; "$1" "$(printf '%0200d' 7)"; }
            mkdir -p /etc/nginx/data; cd /etc/nginx/data
            """;
        await lab.Primary.ShAsync(Names + """

            make() { echo "$1" >"./$1"; mkdir "./d$1"; echo 1 >"./d$1/$1"; ln -s -- "$1" "./l$1"; }
            in_each make
            touch "$(printf 'ends\nx')"; mv "$(printf 'ends\nx')" 'ends
            '
            """);
        lab.Pushes(Data, "MAX_DELETE=100");

        await lab.Primary.PushedAsync();
        Assert.That(await lab.Peers[0].TreeAsync(Data), Is.EqualTo(await lab.Primary.TreeAsync(Data)), "created");

        await lab.Primary.ShAsync(Names + """

            change() { echo changed >>"./$1"; chmod 600 "./d$1/$1"; chmod 700 "./d$1"; rm "./l$1"; ln -s "x$1" "./l$1"; }
            in_each change
            """);
        await lab.Primary.PushedAsync();
        Assert.That(await lab.Peers[0].TreeAsync(Data), Is.EqualTo(await lab.Primary.TreeAsync(Data)), "changed");

        await lab.Primary.ShAsync(Names + """

            swap() { rm -r "./d$1" "./$1"; mkdir "./$1"; ln -s / "./d$1"; rm "./l$1"; }
            in_each swap
            """);
        await lab.Primary.PushedAsync();
        Assert.That(await lab.Peers[0].TreeAsync(Data), Is.EqualTo(await lab.Primary.TreeAsync(Data)), "swapped");

        await lab.Primary.ShAsync("cd /etc/nginx/data && find . -mindepth 1 -delete");
        await lab.Primary.PushedAsync();
        Assert.That(await lab.Peers[0].TreeAsync(Data), Has.Count.EqualTo(1), "deleted");
        Assert.That(await lab.Peers[0].LeftoversAsync(), Is.Empty);
    }
}
