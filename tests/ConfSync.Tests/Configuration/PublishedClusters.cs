using System.Collections.Immutable;
using ConfSync.Configuration;

namespace ConfSync.Tests.Configuration;

/// <summary>Clusters as their authors published them, with the addresses of the lab.</summary>
internal static class PublishedClusters
{
    public const string MainFile = "/etc/keepalived/keepalived.conf";

    private static readonly string[] Ids = ["51", "61", "71"];

    /// <summary>What nginx-ha-setup of NGINX Plus writes, with an instance for each address.</summary>
    /// <param name="priorities">Of each member, that of each instance.</param>
    public static ImmutableArray<KeepalivedSource> OfNginxPlus(params int[][] priorities) => Each(priorities.Length, member => $$"""
        global_defs {
            vrrp_version 3
        }
        vrrp_script chk_manual_failover {
            script "/usr/lib/keepalived/nginx-ha-manual-failover"
            interval 10
            weight 50
        }
        vrrp_script chk_nginx_service {
            script "/usr/lib/keepalived/nginx-ha-check"
            interval 3
            weight 50
        }
        {{string.Concat(priorities[member].Select((priority, index) => $$"""
        vrrp_instance VI_{{index + 1}} {
            interface eth0
            priority {{priority}}
            virtual_router_id {{Ids[index]}}
            advert_int 1
            accept
            garp_master_refresh 5
            unicast_src_ip 10.99.3.{{11 + member}}/24
            unicast_peer {
                {{string.Join("\n        ", Enumerable.Range(0, priorities.Length).Where(other => other != member).Select(other => $"10.99.3.{11 + other}"))}}
            }
            virtual_ipaddress {
                10.99.3.10{{index}}
            }
            track_script {
                chk_nginx_service
                chk_manual_failover
            }
            notify "/usr/lib/keepalived/nginx-ha-notify"
        }

        """))}}
        """);

    /// <summary>nginx and HAProxy on the same two nodes; the check stops keepalived.</summary>
    public static ImmutableArray<KeepalivedSource> WithStoppingCheck { get; } = Each(2, member => $$"""
        global_defs {
          router_id nginx
        }
        vrrp_script check_nginx {
          script "/etc/keepalived/check_nginx.sh"
          interval 2
          weight 50
        }
        vrrp_instance VI_1 {
            state {{(member == 0 ? "MASTER" : "BACKUP")}}
            interface eth0
            virtual_router_id 62
            priority {{151 - member}}
            advert_int 1
            nopreempt
            unicast_src_ip 10.99.3.{{11 + member}}
            unicast_peer {
                10.99.3.{{12 - member}}
            }
            authentication {
                auth_type PASS
                auth_pass 1111
            }
            virtual_ipaddress {
                10.99.3.100
            }
            track_script {
                check_nginx
            }
        }
        """, ("/etc/keepalived/check_nginx.sh", """
        #!/bin/sh
        if [ -z "`/usr/bin/pidof nginx`" ]; then
          systemctl stop keepalived
          exit 1
        fi
        """));

    /// <summary>Two nodes that send multicast and check nothing.</summary>
    public static ImmutableArray<KeepalivedSource> WithMulticast(int first, string password) => Each(2, member => $$"""
        vrrp_instance VI_1 {
            state {{(member == 0 ? "MASTER" : "BACKUP")}}
            interface eth0
            virtual_router_id 51
            priority {{(member == 0 ? first : 100)}}
            advert_int 1
            authentication {
                auth_type PASS
                auth_pass {{password}}
            }
            virtual_ipaddress {
                10.99.3.100
            }
        }
        """);

    /// <summary>The same file on three nodes, by keepalived's own means.</summary>
    public static ImmutableArray<KeepalivedSource> WithOneFile { get; } = Each(3, _ => """
        @peer1 $SELF=10.99.3.11
        @peer2 $SELF=10.99.3.12
        @peer3 $SELF=10.99.3.13
        global_defs {
          router_id ${_INSTANCE}
          vrrp_version 3
          enable_script_security
          script_user root
        }
        include conf.d/*.conf
        """, ("/etc/keepalived/conf.d/one.conf", """
        vrrp_script chk {
          script "/usr/bin/curl -sf http://127.0.0.1:8080/health"
        }
        vrrp_instance VI_1
        {
          interface eth0
          virtual_router_id 51
          @peer1 priority 102
          @peer2 priority 101
          @peer3 priority 100
          unicast_src_ip $SELF # its own
          unicast_peer {
            @^peer1 10.99.3.11
            @^peer2 10.99.3.12
            @^peer3 10.99.3.13
          }
          virtual_ipaddress {
            10.99.3.100
          }
          track_script { chk }
        }
        """));

    private static ImmutableArray<KeepalivedSource> Each(int members, Func<int, string> text, params (string Path, string Text)[] more) =>
        [.. Enumerable.Range(0, members).Select(member => Source(member, text(member), more))];

    public static KeepalivedSource Source(int member, string text, params (string Path, string Text)[] more) => new(
        $"peer{member + 1}", $"peer{member + 1}:", MainFile, more.Append((Path: MainFile, Text: text)).ToImmutableDictionary(file => file.Path, file => file.Text),
        [System.Net.IPAddress.Parse("192.0.2.1"), System.Net.IPAddress.Parse($"10.99.3.{11 + member}")], AreComplete: true);
}
