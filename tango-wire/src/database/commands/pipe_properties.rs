//! Properties of pipes, of classes and devices: they travel as those of attributes do.

use super::{
    DatabaseCommand,
    attribute_properties::{
        DELETE, Form, GET, LIST, PUT, delete, delete_all, delete_one, get, list, put,
    },
};

pub(super) const COMMANDS: &[DatabaseCommand] = &[
    DatabaseCommand::new("DbGetDevicePipeProperty", GET, |store, arguments| {
        get(&store.device_pipe_properties, arguments, Form::Counted)
    }),
    DatabaseCommand::new("DbPutDevicePipeProperty", PUT, |store, arguments| {
        put(&mut store.device_pipe_properties, arguments, Form::Counted)
    })
    .adds(),
    DatabaseCommand::new("DbDeleteDevicePipeProperty", DELETE, |store, arguments| {
        delete(&mut store.device_pipe_properties, arguments)
    })
    .removes(),
    DatabaseCommand::new("DbDeleteDevicePipe", GET, |store, arguments| {
        delete_one(&mut store.device_pipe_properties, arguments)
    })
    .removes(),
    DatabaseCommand::new("DbGetDevicePipeList", LIST, |store, arguments| {
        list(&store.device_pipe_properties, arguments)
    }),
    DatabaseCommand::new("DbDeleteAllDevicePipeProperty", GET, |store, arguments| {
        delete_all(&mut store.device_pipe_properties, arguments)
    })
    .removes(),
    DatabaseCommand::new("DbGetClassPipeProperty", GET, |store, arguments| {
        get(&store.class_pipe_properties, arguments, Form::Counted)
    }),
    DatabaseCommand::new("DbPutClassPipeProperty", PUT, |store, arguments| {
        put(&mut store.class_pipe_properties, arguments, Form::Counted)
    })
    .adds(),
    DatabaseCommand::new("DbDeleteClassPipeProperty", DELETE, |store, arguments| {
        delete(&mut store.class_pipe_properties, arguments)
    })
    .removes(),
    DatabaseCommand::new("DbDeleteClassPipe", GET, |store, arguments| {
        delete_one(&mut store.class_pipe_properties, arguments)
    })
    .removes(),
    DatabaseCommand::new("DbGetClassPipeList", LIST, |store, arguments| {
        list(&store.class_pipe_properties, arguments)
    }),
];
