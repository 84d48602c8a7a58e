package goplugin

import (
	"context"
	"math"

	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// GRPC is the plugin for both sides of gRPC.
type GRPC struct {
	plugin.NetRPCUnsupportedPlugin
}

const service = "bench.Plugin"

// description is what protoc would make of a service with two methods from
// BytesValue to BytesValue.
var description = grpc.ServiceDesc{
	ServiceName: service,
	HandlerType: (*any)(nil),
	Methods:     []grpc.MethodDesc{unary(Noop), unary(Modify)},
}

func unary(method string) grpc.MethodDesc {
	return grpc.MethodDesc{MethodName: method, Handler: func(_ any, _ context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
		in := new(wrapperspb.BytesValue)
		if err := decode(in); err != nil {
			return nil, err
		}
		out, err := answer(method, in.Value)
		return wrapperspb.Bytes(out), err
	}}
}

// GRPCServer registers the service.
func (GRPC) GRPCServer(_ *plugin.GRPCBroker, s *grpc.Server) error {
	s.RegisterService(&description, nil)
	return nil
}

// GRPCClient returns a Caller.
func (GRPC) GRPCClient(ctx context.Context, _ *plugin.GRPCBroker, c *grpc.ClientConn) (any, error) {
	return &grpcCaller{ctx, c}, nil
}

// NewServer makes a server that takes messages of more than 4 MB; go-plugin's
// client does so by itself.
func NewServer(options []grpc.ServerOption) *grpc.Server {
	return grpc.NewServer(append(options, grpc.MaxRecvMsgSize(math.MaxInt32), grpc.MaxSendMsgSize(math.MaxInt32))...)
}

type grpcCaller struct {
	ctx  context.Context // of the plugin's process
	conn *grpc.ClientConn
}

func (c *grpcCaller) Caller(method string, payload []byte) func() ([]byte, error) {
	in := wrapperspb.Bytes(payload)
	return func() ([]byte, error) {
		out := new(wrapperspb.BytesValue)
		err := c.conn.Invoke(c.ctx, "/"+service+"/"+method, in, out)
		return out.Value, err
	}
}
