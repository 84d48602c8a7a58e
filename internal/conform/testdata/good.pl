#!/usr/bin/perl
# A plugin that keeps to the protocol. The test puts lines in the place of the
# comment BREAK, each of which makes it break one rule.
use strict;
use warnings;

$| = 1;
our ($name) = $0 =~ m{pathvector-plugin-([^/]*)$};
our $serving = !@ARGV || $ARGV[0] eq 'serve';
our %about = (
	name     => qq("$name"),
	version  => '"1.0.0"',
	protocols => '[1]',
	mode     => '"kept-running"',
	methods  => '["describe","modify","check","command"]',
	commands => '[{"name":"status"}]',
	reads    => '["/hostname","/peers/*/asn"]',
	writes   => '["/hostname"]',
	options  => '{"type":"object","properties":{"hostname":{"type":"string","default":"edge2.example.net"}}}',
);
our %result = (
	modify  => '{"merge":{"hostname":"edge2.example.net"},"messages":[{"level":"info","message":"named","pointer":"/hostname"}]}',
	check   => '{"findings":[{"severity":"info","pointer":"/hostname","message":"it has a name"}]}',
	command => '{"exitCode":0,"output":"fine\n"}',
);
our $answer    = sub { my ($id, $is) = @_; line(qq({"jsonrpc":"2.0","id":$id,$is})) };
our $version   = sub { $_[0] =~ /^,"params":\{"protocol":1[,}]/ };
our $supported = ',"data":{"supported":[1]}';
our $note      = sub { my ($id) = @_; line(qq({"jsonrpc":"2.0","method":"log","params":{"request":$id,"level":"info","message":"working"}})) };
our $ask       = sub {
	my ($id) = @_;
	line(qq({"jsonrpc":"2.0","id":"a","method":"config.get","params":{"request":$id,"pointer":"/hostname"}}));
	while (<STDIN>) { last if /^\{"jsonrpc":"2\.0","id":"a"/ }
};
our $unknown = sub { my ($id) = @_; failure($id, -32601, 'no such method') };
our $garbage = sub { failure('null', -32700, 'the request is no JSON') };
our $ignored = sub { };                                     # a notification
our $read    = sub { my ($line) = @_; $line =~ s/\r$//; $line };
our $end     = sub { };                                     # of stdin
our $before  = sub { };                                     # a request is looked at

sub line { print "$_[0]\n" }
sub failure { my ($id, $code, $message, $data) = @_; $answer->($id, qq("error":{"code":$code,"message":"$message") . ($data // '') . '}') }
sub describe { '{' . join(',', map { qq("$_":$about{$_}) } sort keys %about) . '}' }

sub request {
	my ($line, $method) = @_;
	chomp $line;
	$line = $read->($line);
	my ($id, $named, $rest) = $line =~ /^\{"jsonrpc":"2\.0","id":("(?:[^"\\]|\\.)*"|[-+.\deE]+),"method":"([^"]*)"(.*)\}$/s;
	if (!defined $id) {
		return $line =~ /^\{"jsonrpc":"2\.0","method":/ ? $ignored->($line) : $garbage->();
	}
	$method //= $named;
	$before->($id, $method, $rest);
	return failure($id, -32001, 'only version 1', $supported) unless $version->($rest);
	return $answer->($id, '"result":' . describe()) if $method eq 'describe';
	return $unknown->($id) unless $result{$method};
	$note->($id);
	$ask->($id) if $serving && $method eq 'modify';
	$answer->($id, '"result":' . $result{$method});
}

# BREAK

if ($serving) {
	while (<STDIN>) { request($_) }
	$end->();
}
else {
	request(scalar(<STDIN>) // '', $ARGV[0]);
}
